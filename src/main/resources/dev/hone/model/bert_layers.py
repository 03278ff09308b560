# The attention of BERT (Devlin et al. 2018) and how its layers are put together; RoBERTa has the same.

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

class AttentionBlock(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  self : __torch__.SelfAttention
  output : __torch__.Output
  def forward(self: __torch__.AttentionBlock, x: Tensor, bias: Tensor) -> Tensor:
    return (self.output).forward((self.self).forward(x, bias), x)

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
