# A product of matrices, many times, to find out what a processor does well. 6 is fp32, 15 is bf16.

class Products(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  # x [N, D], weight [M, D]
  def plain(self: __torch__.Products, x: Tensor, weight: Tensor, compute: int, times: int) -> Tensor:
    x0 = torch.to(x, compute)
    weight0 = torch.to(weight, compute)
    y = x0
    for i in range(times):
      y = torch.linear(x0, weight0)
    return torch.to(torch.sum(y), 6)
  def onednn(self: __torch__.Products, x: Tensor, weight: Tensor, compute: int, times: int) -> Tensor:
    x0 = torch.to(x, compute)
    weight0 = torch.to(weight, compute)
    y = x0
    for i in range(times):
      y = ops.mkldnn._linear_pointwise(x0, weight0, None, "none", annotate(List[Optional[number]], []), "none")
    return torch.to(torch.sum(y), 6)
