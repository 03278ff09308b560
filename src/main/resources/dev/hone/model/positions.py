# Positions count the tokens that are not padding, beginning after the padding's own id.
class Positions(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  padding : int
  # ids [B, T], tokens [B, T] -> [B, T] of int64
  def forward(self: __torch__.Positions, ids: Tensor, tokens: Tensor) -> Tensor:
    counted = torch.to(torch.mul(torch.ne(ids, self.padding), tokens), 4)
    return torch.add(torch.mul(torch.cumsum(counted, 1), counted), self.padding)
