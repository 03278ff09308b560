# The layer that BERT, RoBERTa and MPNet have: attention, then a feed-forward net, each added to its
# input and normalised.

class Intermediate(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dense : __torch__.Linear
  def forward(self: __torch__.Intermediate, x: Tensor) -> Tensor:
    return (self.dense).gelu(x)

class Output(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  dense : __torch__.Linear
  LayerNorm : __torch__.LayerNorm
  def forward(self: __torch__.Output, x: Tensor, residual: Tensor) -> Tensor:
    y = torch.dropout((self.dense).forward(x), self.dropout, self.training and self.dropout > 0.)
    return (self.LayerNorm).forward(torch.add(y, residual))

class Layer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  attention : __torch__.AttentionBlock
  intermediate : __torch__.Intermediate
  output : __torch__.Output
  def forward(self: __torch__.Layer, x: Tensor, bias: Tensor) -> Tensor:
    y = (self.attention).forward(x, bias)
    return (self.output).forward((self.intermediate).forward(y), y)
