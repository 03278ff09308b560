# A text's token states to its vector: pooling, then what else modules.json names, in its order.

# A dense module of sentence-transformers.
class Dense(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  activation : str
  linear : __torch__.Linear
  def forward(self: __torch__.Dense, x: Tensor) -> Tensor:
    y = (self.linear).forward(x)
    if self.activation == "tanh":
      y0 = torch.tanh(y)
    else:
      y0 = y
    return y0

# A dense module without bias.
class DenseProjection(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  activation : str
  linear : __torch__.Projection
  def forward(self: __torch__.DenseProjection, x: Tensor) -> Tensor:
    y = (self.linear).forward(x)
    if self.activation == "tanh":
      y0 = torch.tanh(y)
    else:
      y0 = y
    return y0

class Normalize(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.Normalize, x: Tensor) -> Tensor:
    length = torch.sqrt(torch.sum(torch.mul(x, x), [1], True))
    return torch.div(x, torch.clamp_min(length, 1.0e-12))

class Sentence(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  pooling : str
  __annotations__["{i}"] = __torch__.{type} #each steps
  # states [B, T, D], pooled [B, T], true where a token counts -> [B, D]
  def pool(self: __torch__.Sentence, states: Tensor, pooled: Tensor) -> Tensor:
    if self.pooling == "cls":
      # The first that counts: the first token, or the first after the prompt.
      first = torch.argmax(torch.to(pooled, 3), 1)
      vector = torch.select(torch.gather(states, 1, torch.expand(torch.view(first, [-1, 1, 1]), [-1, 1, torch.size(states, 2)])), 1, 0)
    else:
      if self.pooling == "lasttoken":
        count = torch.mul(torch.to(pooled, 4), torch.arange(torch.size(states, 1), dtype=4, device=states.device))
        last = torch.argmax(count, 1)
        vector = torch.select(torch.gather(states, 1, torch.expand(torch.view(last, [-1, 1, 1]), [-1, 1, torch.size(states, 2)])), 1, 0)
      else:
        if self.pooling == "max":
          hidden = torch.masked_fill(states, torch.eq(torch.unsqueeze(pooled, 2), 0), -1.0e9)
          vector = torch.amax(hidden, [1])
        else:
          # Padding adds exact zeros.
          weights = torch.unsqueeze(torch.to(pooled, 6), 2)
          total = torch.sum(torch.mul(states, weights), [1])
          vector = torch.div(total, torch.clamp_min(torch.sum(weights, [1]), 1.0e-9))
    return vector
  def forward(self: __torch__.Sentence, states: Tensor, pooled: Tensor) -> Tensor:
    y = (self).pool(states, pooled)
    y = (getattr(self, "{i}")).forward(y) #each steps
    return y

# The mask is 0 where there is padding, 1 where there is a token, and 2 where there is one that
# others see but that is left out of the pooling: a prompt's.
class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  transformer : __torch__.Transformer
  sentence : __torch__.Sentence
  # ids, mask [B, T] of int64 -> [B, T, D] of fp32
  def states(self: __torch__.Model, ids: Tensor, mask: Tensor) -> Tensor:
    return torch.to((self.transformer).forward(ids, torch.ne(mask, 0)), 6)
  # ids, mask [B, T] of int64 -> [B, D] of fp32
  def forward(self: __torch__.Model, ids: Tensor, mask: Tensor) -> Tensor:
    return (self.sentence).forward((self).states(ids, mask), torch.eq(mask, 1))
