# What an optimizer update does to all parameters at once, as TorchScript.

class Optimizer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  # The L2 norm over all gradients, accumulated in float64.
  def norm(self: __torch__.Optimizer, gradients: List[Tensor]) -> Tensor:
    total = torch.zeros([], dtype=7)
    for i in range(torch.len(gradients)):
      part = torch.linalg_vector_norm(gradients[i], 2, None, False, dtype=7)
      total = torch.add(total, torch.mul(part, part))
    return torch.sqrt(total)
  def scale(self: __torch__.Optimizer, gradients: List[Tensor], factor: float) -> Tensor:
    for i in range(torch.len(gradients)):
      scaled = torch.mul_(gradients[i], factor)
    return torch.zeros([])
  def assign(self: __torch__.Optimizer, parameters: List[Tensor], values: List[Tensor]) -> Tensor:
    for i in range(torch.len(parameters)):
      assigned = torch.copy_(parameters[i], values[i])
    return torch.zeros([])
  # Adam with decoupled weight decay (Loshchilov and Hutter 2019), libtorch's fused kernel.
  def adamw(self: __torch__.Optimizer, parameters: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor], update: float, learning_rate: float, weight_decay: float) -> Tensor:
    steps = annotate(List[Tensor], [])
    for i in range(torch.len(parameters)):
      steps0 = torch.append(steps, torch.full([], update, dtype=6))
    torch._fused_adamw_(parameters, gradients, first, second, annotate(List[Tensor], []), steps, lr=learning_rate, beta1=0.9, beta2=0.999, weight_decay=weight_decay, eps=1.0e-8, amsgrad=False, maximize=False)
    return torch.zeros([])
