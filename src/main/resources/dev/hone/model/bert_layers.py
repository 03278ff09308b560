# The layers of BERT (Devlin et al. 2018), which RoBERTa has too: attention, then a feed-forward net,
# each added to its input and normalised.

class SelfAttention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  weighing : __torch__.Attention
  query : __torch__.Linear
  key : __torch__.Linear
  value : __torch__.Linear
  # x [B, T, D], bias [B, 1, 1, T] -> [B, T, D]
  def forward(self: __torch__.SelfAttention, x: Tensor, bias: Tensor) -> Tensor:
    h = (self.query).rounded(x)
    q = (self.query).forward(h)
    k = (self.key).keys(h)
    v = (self.value).forward(h)
    return (self.weighing).forward(q, k, v, bias)

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

class AttentionBlock(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  self : __torch__.SelfAttention
  output : __torch__.Output
  def forward(self: __torch__.AttentionBlock, x: Tensor, bias: Tensor) -> Tensor:
    return (self.output).forward((self.self).forward(x, bias), x)

class Intermediate(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dense : __torch__.Linear
  def forward(self: __torch__.Intermediate, x: Tensor) -> Tensor:
    return (self.dense).gelu(x)

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

class Layers(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  __annotations__["{i}"] = __torch__.Layer #each layers
  def forward(self: __torch__.Layers, x: Tensor, bias: Tensor) -> Tensor:
    y = x
    y = (getattr(self, "{i}")).forward(y, bias) #each layers
    return y

class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layer : __torch__.Layers
  def forward(self: __torch__.Encoder, x: Tensor, bias: Tensor) -> Tensor:
    return (self.layer).forward(x, bias)

class Transformer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  embeddings : __torch__.Embeddings
  encoder : __torch__.Encoder
  # ids [B, T], tokens [B, T], true where a token stands -> [B, T, D]
  def forward(self: __torch__.Transformer, ids: Tensor, tokens: Tensor) -> Tensor:
    x = (self.embeddings).forward(ids, tokens)
    bias = torch.mul(torch.to(torch.eq(tokens, 0), 6), -1.0e9)
    return (self.encoder).forward(x, torch.unsqueeze(torch.unsqueeze(bias, 1), 1))
