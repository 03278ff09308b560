# A pair's token states to its score: one state, then the steps of the head, in its order.

class Tanh(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.Tanh, x: Tensor) -> Tensor:
    return torch.tanh(x)

class Relu(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.Relu, x: Tensor) -> Tensor:
    return torch.relu(x)

class Gelu(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.Gelu, x: Tensor) -> Tensor:
    return torch.gelu(x)

class PairHead(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  pooling : str
  score : str
  __annotations__["{i}"] = __torch__.{type} #each steps
  # states [B, T, D], tokens [B, T], 0 where there is padding -> [B, 1, D]
  def pool(self: __torch__.PairHead, states: Tensor, tokens: Tensor) -> Tensor:
    if self.pooling == "mean":
      # Padding adds exact zeros.
      weights = torch.unsqueeze(torch.to(torch.ne(tokens, 0), 6), 2)
      x = torch.div(torch.sum(torch.mul(states, weights), [1], True), torch.sum(weights, [1], True))
    else:
      x = torch.slice(states, 1, 0, 1)
    return x
  # Each state stands eight times: products of other numbers of rows have other last bits.
  # states [B, T, D], tokens [B, T] -> [B]
  def forward(self: __torch__.PairHead, states: Tensor, tokens: Tensor) -> Tensor:
    y = torch.repeat((self).pool(states, tokens), [1, 8, 1])
    y = (getattr(self, "{i}")).forward(y) #each steps
    x = torch.select(torch.select(y, 1, 0), 1, 0)
    if self.score == "sigmoid":
      x0 = torch.sigmoid(x)
    else:
      x0 = x
    return x0

# The mask is 0 where there is padding, 1 where there is a token, and 2 where there is one of the
# second text, if the architecture tells texts apart.
class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  transformer : __torch__.Transformer
  head : __torch__.PairHead
  # ids, mask [B, T] of int64 -> [B] of fp32
  def forward(self: __torch__.Model, ids: Tensor, mask: Tensor) -> Tensor:
    return (self.head).forward(torch.to((self.transformer).forward(ids, mask), 6), mask)
