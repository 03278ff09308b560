# ModernBERT (Warner et al. 2024): normalises before each block, has rotary positions, gated
# feed-forward nets and no biases; most layers see only a window.

class Embeddings(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  tok_embeddings : __torch__.Embedding
  norm : __torch__.ScaleNorm
  def forward(self: __torch__.Embeddings, ids: Tensor) -> Tensor:
    x = (self.norm).forward((self.tok_embeddings).forward(ids))
    return torch.dropout(x, self.dropout, self.training and self.dropout > 0.)

# Rotary positions (Su et al. 2021): halves of a head's values turn by an angle per position.
class Rotary(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  theta : float
  # x [B, H, T, W], W values per head -> [T, W] angles
  def angles(self: __torch__.Rotary, x: Tensor) -> Tensor:
    width = torch.size(x, 3)
    places = torch.arange(torch.size(x, 2), dtype=6, device=x.device)
    steps = torch.div(torch.arange(0, width, 2, dtype=6, device=x.device), width)
    rates = torch.reciprocal(torch.pow(self.theta, steps))
    half = torch.mul(torch.unsqueeze(places, 1), rates)
    return torch.cat([half, half], 1)
  # [B, H, T, W] -> the same
  def forward(self: __torch__.Rotary, x: Tensor) -> Tensor:
    angles = (self).angles(x)
    half = torch.floordiv(torch.size(x, 3), 2)
    x0 = torch.to(x, 6)
    first = torch.slice(x0, 3, 0, half)
    second = torch.slice(x0, 3, half)
    turned = torch.cat([torch.neg(second), first], 3)
    y = torch.add(torch.mul(x0, torch.cos(angles)), torch.mul(turned, torch.sin(angles)))
    return torch.to(y, x.dtype)

class SelfAttention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  weighing : __torch__.Attention
  rotary : __torch__.Rotary
  Wqkv : __torch__.Projection
  Wo : __torch__.Projection
  # x [B, T, D], bias [B, 1, T, T] -> [B, T, D]
  def forward(self: __torch__.SelfAttention, x: Tensor, bias: Tensor) -> Tensor:
    qkv = torch.chunk((self.Wqkv).forward(x), 3, 2)
    q = (self.rotary).forward((self.weighing).split(qkv[0]))
    k = (self.rotary).forward((self.weighing).split(qkv[1]))
    v = (self.weighing).split(qkv[2])
    y = (self.Wo).forward((self.weighing).weigh(q, k, v, bias))
    return torch.dropout(y, self.dropout, self.training and self.dropout > 0.)

class FeedForward(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  Wi : __torch__.Projection
  Wo : __torch__.Projection
  def forward(self: __torch__.FeedForward, x: Tensor) -> Tensor:
    parts = torch.chunk((self.Wi).forward(x), 2, 2)
    y = torch.mul(torch.gelu(parts[0]), parts[1])
    return (self.Wo).forward(torch.dropout(y, self.dropout, self.training and self.dropout > 0.))

# The first layer's attention takes the embeddings as they are.
class FirstLayer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  attn : __torch__.SelfAttention
  mlp_norm : __torch__.ScaleNorm
  mlp : __torch__.FeedForward
  def forward(self: __torch__.FirstLayer, x: Tensor, everywhere: Tensor, near: Tensor) -> Tensor:
    y = torch.add(x, (self.attn).forward(x, everywhere))
    return torch.add(y, (self.mlp).forward((self.mlp_norm).forward(y)))

class Layer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  windowed : bool
  attn_norm : __torch__.ScaleNorm
  attn : __torch__.SelfAttention
  mlp_norm : __torch__.ScaleNorm
  mlp : __torch__.FeedForward
  def forward(self: __torch__.Layer, x: Tensor, everywhere: Tensor, near: Tensor) -> Tensor:
    if self.windowed:
      bias = near
    else:
      bias = everywhere
    y = torch.add(x, (self.attn).forward((self.attn_norm).forward(x), bias))
    return torch.add(y, (self.mlp).forward((self.mlp_norm).forward(y)))

class Layers(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  __annotations__["{i}"] = __torch__.{type} #each layers
  def forward(self: __torch__.Layers, x: Tensor, everywhere: Tensor, near: Tensor) -> Tensor:
    y = x
    y = (getattr(self, "{i}")).forward(y, everywhere, near) #each layers
    return y

class Transformer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  window : int
  embeddings : __torch__.Embeddings
  layers : __torch__.Layers
  final_norm : __torch__.ScaleNorm
  # ids [B, T], tokens [B, T], true where a token stands -> [B, T, D]
  def forward(self: __torch__.Transformer, ids: Tensor, tokens: Tensor) -> Tensor:
    x = (self.embeddings).forward(ids)
    # Finite, since a padding row may have no key in its window at all.
    bias = torch.mul(torch.to(torch.eq(tokens, 0), 6), -1.0e9)
    everywhere = torch.unsqueeze(torch.unsqueeze(bias, 1), 1)
    places = torch.arange(torch.size(ids, 1), dtype=4, device=ids.device)
    distance = torch.abs(torch.sub(torch.unsqueeze(places, 1), torch.unsqueeze(places, 0)))
    far = torch.mul(torch.to(torch.gt(distance, self.window), 6), -1.0e9)
    y = (self.layers).forward(x, everywhere, torch.add(everywhere, far))
    return (self.final_norm).forward(y)
