# DistilBERT (Sanh et al. 2019): BERT without token types, under other names.

class Embeddings(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  word_embeddings : __torch__.Embedding
  position_embeddings : __torch__.Embedding
  LayerNorm : __torch__.LayerNorm
  def forward(self: __torch__.Embeddings, ids: Tensor) -> Tensor:
    positions = torch.arange(torch.size(ids, 1), dtype=4, device=ids.device)
    x = torch.add((self.word_embeddings).forward(ids), (self.position_embeddings).forward(positions))
    return torch.dropout((self.LayerNorm).forward(x), self.dropout, self.training and self.dropout > 0.)

class SelfAttention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  weighing : __torch__.Attention
  q_lin : __torch__.Linear
  k_lin : __torch__.Linear
  v_lin : __torch__.Linear
  out_lin : __torch__.Linear
  # x [B, T, D], bias [B, 1, 1, T] -> [B, T, D]
  def forward(self: __torch__.SelfAttention, x: Tensor, bias: Tensor) -> Tensor:
    h = (self.q_lin).rounded(x)
    q = (self.q_lin).forward(h)
    k = (self.k_lin).keys(h)
    v = (self.v_lin).forward(h)
    return (self.out_lin).forward((self.weighing).forward(q, k, v, bias))

class FeedForward(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  lin1 : __torch__.Linear
  lin2 : __torch__.Linear
  def forward(self: __torch__.FeedForward, x: Tensor) -> Tensor:
    y = (self.lin2).forward((self.lin1).gelu(x))
    return torch.dropout(y, self.dropout, self.training and self.dropout > 0.)

class Layer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  attention : __torch__.SelfAttention
  sa_layer_norm : __torch__.LayerNorm
  ffn : __torch__.FeedForward
  output_layer_norm : __torch__.LayerNorm
  def forward(self: __torch__.Layer, x: Tensor, bias: Tensor) -> Tensor:
    y = (self.sa_layer_norm).forward(torch.add((self.attention).forward(x, bias), x))
    return (self.output_layer_norm).forward(torch.add((self.ffn).forward(y), y))

class Stack(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layer : __torch__.Layers
  def forward(self: __torch__.Stack, x: Tensor, bias: Tensor) -> Tensor:
    return (self.layer).forward(x, bias)

class Transformer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  embeddings : __torch__.Embeddings
  transformer : __torch__.Stack
  # ids [B, T], tokens [B, T], true where a token stands -> [B, T, D]
  def forward(self: __torch__.Transformer, ids: Tensor, tokens: Tensor) -> Tensor:
    x = (self.embeddings).forward(ids)
    bias = torch.mul(torch.to(torch.eq(tokens, 0), 6), -1.0e9)
    return (self.transformer).forward(x, torch.unsqueeze(torch.unsqueeze(bias, 1), 1))
