# Layers one after the other, with one bias for the attention of all.

class Layers(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  __annotations__["{i}"] = __torch__.Layer #each layers
  def forward(self: __torch__.Layers, x: Tensor, bias: Tensor) -> Tensor:
    y = x
    y = (getattr(self, "{i}")).forward(y, bias) #each layers
    return y
