# The BERT encoder (Devlin et al. 2018) with pooling, as TorchScript.
# Parameters keep their Hugging Face names. B texts, T tokens, D hidden size, H heads.
# A line that ends in "#each" stands once per layer, with {i} as the layer's number.

class Linear(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  weight : Tensor
  bias : Tensor
  training : bool
  def forward(self: __torch__.Linear, x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)

class Embedding(Module):
  __parameters__ = ["weight", ]
  __buffers__ = []
  weight : Tensor
  training : bool
  def forward(self: __torch__.Embedding, ids: Tensor) -> Tensor:
    return torch.embedding(self.weight, ids)

# Normalise, then times gamma plus beta: the fused form's weight gradient is the one
# operation whose bits depend on the number of threads.
class LayerNorm(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  weight : Tensor
  bias : Tensor
  training : bool
  eps : float
  def forward(self: __torch__.LayerNorm, x: Tensor) -> Tensor:
    normed = torch.layer_norm(x, [torch.size(x, 2)], None, None, self.eps, False)
    return torch.add(torch.mul(normed, self.weight), self.bias)

class Embeddings(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  word_embeddings : __torch__.Embedding
  position_embeddings : __torch__.Embedding
  token_type_embeddings : __torch__.Embedding
  LayerNorm : __torch__.LayerNorm
  def forward(self: __torch__.Embeddings, ids: Tensor) -> Tensor:
    positions = torch.arange(torch.size(ids, 1), dtype=4, device=ids.device)
    words = (self.word_embeddings).forward(ids)
    types = torch.select(self.token_type_embeddings.weight, 0, 0)
    places = torch.add((self.position_embeddings).forward(positions), types)
    x = (self.LayerNorm).forward(torch.add(words, places))
    return torch.dropout(x, self.dropout, self.training)

class SelfAttention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  heads : int
  dropout : float
  query : __torch__.Linear
  key : __torch__.Linear
  value : __torch__.Linear
  # [B, T, D] -> [B, H, T, D / H]
  def split(self: __torch__.SelfAttention, x: Tensor) -> Tensor:
    shape = [torch.size(x, 0), torch.size(x, 1), self.heads, -1]
    return torch.transpose(torch.view(x, shape), 1, 2)
  # x [B, T, D], mask [B, 1, 1, T], true where a token stands
  def forward(self: __torch__.SelfAttention, x: Tensor, mask: Tensor) -> Tensor:
    q = (self).split((self.query).forward(x))
    k = (self).split((self.key).forward(x))
    v = (self).split((self.value).forward(x))
    if self.training:
      p = self.dropout
    else:
      p = 0.
    y = torch.scaled_dot_product_attention(q, k, v, mask, p)
    return torch.reshape(torch.transpose(y, 1, 2), torch.size(x))

class Output(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  dense : __torch__.Linear
  LayerNorm : __torch__.LayerNorm
  def forward(self: __torch__.Output, x: Tensor, residual: Tensor) -> Tensor:
    y = torch.dropout((self.dense).forward(x), self.dropout, self.training)
    return (self.LayerNorm).forward(torch.add(y, residual))

class Attention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  self : __torch__.SelfAttention
  output : __torch__.Output
  def forward(self: __torch__.Attention, x: Tensor, mask: Tensor) -> Tensor:
    return (self.output).forward((self.self).forward(x, mask), x)

class Intermediate(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dense : __torch__.Linear
  def forward(self: __torch__.Intermediate, x: Tensor) -> Tensor:
    return torch.gelu((self.dense).forward(x))

class Layer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  attention : __torch__.Attention
  intermediate : __torch__.Intermediate
  output : __torch__.Output
  def forward(self: __torch__.Layer, x: Tensor, mask: Tensor) -> Tensor:
    y = (self.attention).forward(x, mask)
    return (self.output).forward((self.intermediate).forward(y), y)

class Layers(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  __annotations__["{i}"] = __torch__.Layer #each
  def forward(self: __torch__.Layers, x: Tensor, mask: Tensor) -> Tensor:
    y = x
    y = (getattr(self, "{i}")).forward(y, mask) #each
    return y

class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layer : __torch__.Layers
  def forward(self: __torch__.Encoder, x: Tensor, mask: Tensor) -> Tensor:
    return (self.layer).forward(x, mask)

class Model(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  pooling : str
  normalize : bool
  embeddings : __torch__.Embeddings
  encoder : __torch__.Encoder
  # hidden [B, T, D], mask [B, T] -> [B, D]
  def pool(self: __torch__.Model, hidden: Tensor, mask: Tensor) -> Tensor:
    weights = torch.unsqueeze(torch.to(mask, 6), 2)
    if self.pooling == "cls":
      pooled = torch.select(hidden, 1, 0)
    else:
      if self.pooling == "max":
        hidden0 = torch.masked_fill(hidden, torch.eq(torch.unsqueeze(mask, 2), 0), -10000.)
        pooled = torch.amax(hidden0, [1])
      else:
        # [B, T, D] -> [B, D]: padding adds exact zeros.
        total = torch.sum(torch.mul(hidden, weights), [1])
        pooled = torch.div(total, torch.sum(weights, [1]))
    return pooled
  # ids, mask [B, T] of int64 -> [B, D]
  def forward(self: __torch__.Model, ids: Tensor, mask: Tensor) -> Tensor:
    x = (self.embeddings).forward(ids)
    keys = torch.unsqueeze(torch.unsqueeze(torch.ne(mask, 0), 1), 1)
    y = (self).pool((self.encoder).forward(x, keys), mask)
    if self.normalize:
      length = torch.sqrt(torch.sum(torch.mul(y, y), [1], True))
      y0 = torch.div(y, torch.clamp_min(length, 1.0e-12))
    else:
      y0 = y
    return y0
