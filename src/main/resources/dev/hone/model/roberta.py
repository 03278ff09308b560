# What RoBERTa (Liu et al. 2019) and XLM-RoBERTa embed: words, their positions, and the only token type.

class Embeddings(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  positions : __torch__.Positions
  word_embeddings : __torch__.Embedding
  position_embeddings : __torch__.Embedding
  token_type_embeddings : __torch__.Embedding
  LayerNorm : __torch__.LayerNorm
  def forward(self: __torch__.Embeddings, ids: Tensor, tokens: Tensor) -> Tensor:
    positions = (self.positions).forward(ids, tokens)
    words = (self.word_embeddings).forward(ids)
    types = torch.select(self.token_type_embeddings.weight, 0, 0)
    places = torch.add((self.position_embeddings).forward(positions), types)
    x = (self.LayerNorm).forward(torch.add(words, places))
    return torch.dropout(x, self.dropout, self.training and self.dropout > 0.)
