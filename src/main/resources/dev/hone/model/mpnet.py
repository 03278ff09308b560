# MPNet (Song et al. 2020): BERT without token types, with positions from RoBERTa and one table of
# relative biases for the attention of all layers.

class Embeddings(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  positions : __torch__.Positions
  word_embeddings : __torch__.Embedding
  position_embeddings : __torch__.Embedding
  LayerNorm : __torch__.LayerNorm
  def forward(self: __torch__.Embeddings, ids: Tensor, tokens: Tensor) -> Tensor:
    places = (self.position_embeddings).forward((self.positions).forward(ids, tokens))
    x = (self.LayerNorm).forward(torch.add((self.word_embeddings).forward(ids), places))
    return torch.dropout(x, self.dropout, self.training and self.dropout > 0.)

class SelfAttention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  weighing : __torch__.Attention
  q : __torch__.Linear
  k : __torch__.Linear
  v : __torch__.Linear
  o : __torch__.Linear
  # x [B, T, D], bias [B, H, T, T] -> [B, T, D]
  def forward(self: __torch__.SelfAttention, x: Tensor, bias: Tensor) -> Tensor:
    h = (self.q).rounded(x)
    q = (self.q).forward(h)
    k = (self.k).keys(h)
    v = (self.v).forward(h)
    return (self.o).forward((self.weighing).forward(q, k, v, bias))

class AttentionBlock(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  attn : __torch__.SelfAttention
  LayerNorm : __torch__.LayerNorm
  def forward(self: __torch__.AttentionBlock, x: Tensor, bias: Tensor) -> Tensor:
    y = torch.dropout((self.attn).forward(x, bias), self.dropout, self.training and self.dropout > 0.)
    return (self.LayerNorm).forward(torch.add(y, x))

class Encoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layer : __torch__.Layers
  relative_attention_bias : __torch__.Embedding
  # The bucket of the distance from each query (row) to each key (column): 16 for keys before the
  # query, 16 for keys after it; the first 8 of each exact, the others by logarithm up to 128.
  def buckets(self: __torch__.Encoder, x: Tensor) -> Tensor:
    places = torch.arange(torch.size(x, 1), dtype=4, device=x.device)
    distance = torch.sub(torch.unsqueeze(places, 1), torch.unsqueeze(places, 0))
    after = torch.mul(torch.to(torch.lt(distance, 0), 4), 16)
    n = torch.abs(distance)
    # 2.77... is log(128 / 8)
    far = torch.mul(torch.div(torch.log(torch.div(torch.to(n, 6), 8)), 2.7725887222397811), 8)
    bounded = torch.clamp_max(torch.add(torch.to(torch.clamp_min(far, 0.), 4), 8), 15)
    return torch.add(after, torch.where(torch.lt(n, 8), n, bounded))
  # x [B, T, D], bias [B, 1, 1, T]
  def forward(self: __torch__.Encoder, x: Tensor, bias: Tensor) -> Tensor:
    # [T, T, H] -> [1, H, T, T]
    relative = torch.unsqueeze(torch.permute((self.relative_attention_bias).forward((self).buckets(x)), [2, 0, 1]), 0)
    return (self.layer).forward(x, torch.add(relative, bias))

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
