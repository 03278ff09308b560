# What BERT (Devlin et al. 2018) embeds: words, their positions and the first token type.

class Embeddings(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  dropout : float
  word_embeddings : __torch__.Embedding
  position_embeddings : __torch__.Embedding
  token_type_embeddings : __torch__.Embedding
  LayerNorm : __torch__.LayerNorm
  def forward(self: __torch__.Embeddings, ids: Tensor, tokens: Tensor) -> Tensor:
    positions = torch.arange(torch.size(ids, 1), dtype=4, device=ids.device)
    words = (self.word_embeddings).forward(ids)
    types = torch.select(self.token_type_embeddings.weight, 0, 0)
    places = torch.add((self.position_embeddings).forward(positions), types)
    x = (self.LayerNorm).forward(torch.add(words, places))
    return torch.dropout(x, self.dropout, self.training and self.dropout > 0.)
