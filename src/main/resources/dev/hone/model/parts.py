# What every architecture is made of, and what follows it, as TorchScript.
# B texts, T tokens, D hidden size, H heads. Parameters keep their Hugging Face names.
# A line that ends in "#each LIST" stands once per element of the list, with its values in braces.
# A dropout of 0 is not called: on a GPU the executor would draw numbers for it all the same, and leave out one value in
# some 2^24.

# Products are computed in the type `compute`: 6 is fp32, 15 is bf16. What is not a product of
# matrices (LayerNorm, softmax, pooling, sums with the residual) stays in fp32.
# Outside training the product is oneDNN's, with the bias and gelu in the same pass.
class Linear(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  weight : Tensor
  bias : Tensor
  training : bool
  compute : int
  onednn : bool
  def product(self: __torch__.Linear, x: Tensor, bias: Optional[Tensor], activation: str) -> Tensor:
    x0 = torch.to(x, self.compute)
    weight = torch.to(self.weight, self.compute)
    if self.training:
      fused = False
    else:
      fused = self.onednn
    if fused:
      y = ops.mkldnn._linear_pointwise(x0, weight, bias, activation, annotate(List[Optional[number]], []), "none")
    else:
      y0 = torch.linear(x0, weight, bias)
      if activation == "gelu":
        y = torch.gelu(y0)
      else:
        y = y0
    return y
  # x in the type of the products, so that several of them round it once.
  def rounded(self: __torch__.Linear, x: Tensor) -> Tensor:
    return torch.to(x, self.compute)
  def forward(self: __torch__.Linear, x: Tensor) -> Tensor:
    return (self).product(x, torch.to(self.bias, self.compute), "none")
  def gelu(self: __torch__.Linear, x: Tensor) -> Tensor:
    return (self).product(x, torch.to(self.bias, self.compute), "gelu")
  # What attention compares its queries with. The bias adds the same to all scores of a query, which
  # softmax takes out again; left out, it costs the keys and scores no digits of bf16.
  def keys(self: __torch__.Linear, x: Tensor) -> Tensor:
    if self.training:
      y = (self).forward(x)
    else:
      if self.compute == 6:
        y = (self).forward(x)
      else:
        y = (self).product(x, None, "none")
    return y

# A Linear without bias.
class Projection(Module):
  __parameters__ = ["weight", ]
  __buffers__ = []
  weight : Tensor
  training : bool
  compute : int
  onednn : bool
  def forward(self: __torch__.Projection, x: Tensor) -> Tensor:
    x0 = torch.to(x, self.compute)
    weight = torch.to(self.weight, self.compute)
    if self.training:
      fused = False
    else:
      fused = self.onednn
    if fused:
      y = ops.mkldnn._linear_pointwise(x0, weight, None, "none", annotate(List[Optional[number]], []), "none")
    else:
      y = torch.linear(x0, weight)
    return y

class Embedding(Module):
  __parameters__ = ["weight", ]
  __buffers__ = []
  weight : Tensor
  training : bool
  def forward(self: __torch__.Embedding, ids: Tensor) -> Tensor:
    return torch.embedding(self.weight, ids)

# In training: normalise, then times gamma plus beta, because the fused form's weight gradient is
# the one operation whose bits depend on the number of threads.
class LayerNorm(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  weight : Tensor
  bias : Tensor
  training : bool
  eps : float
  def forward(self: __torch__.LayerNorm, x: Tensor) -> Tensor:
    if self.training:
      normed = torch.layer_norm(x, [torch.size(x, 2)], None, None, self.eps, False)
      y = torch.add(torch.mul(normed, self.weight), self.bias)
    else:
      y = torch.layer_norm(x, [torch.size(x, 2)], self.weight, self.bias, self.eps, False)
    return y

# A LayerNorm without bias.
class ScaleNorm(Module):
  __parameters__ = ["weight", ]
  __buffers__ = []
  weight : Tensor
  training : bool
  eps : float
  def forward(self: __torch__.ScaleNorm, x: Tensor) -> Tensor:
    if self.training:
      y = torch.mul(torch.layer_norm(x, [torch.size(x, 2)], None, None, self.eps, False), self.weight)
    else:
      y = torch.layer_norm(x, [torch.size(x, 2)], self.weight, None, self.eps, False)
    return y

# Softmax attention, without weights of its own.
class Attention(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  heads : int
  dropout : float
  products : bool
  # [B, T, D] -> [B, H, T, D / H]
  def split(self: __torch__.Attention, x: Tensor) -> Tensor:
    shape = [torch.size(x, 0), torch.size(x, 1), self.heads, -1]
    return torch.transpose(torch.view(x, shape), 1, 2)
  # q, k, v [B, H, T, D / H], bias [B or 1, H or 1, T or 1, T] of fp32, added to the scores -> [B, T, D]
  def weigh(self: __torch__.Attention, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    bias0 = torch.to(bias, q.dtype)
    if self.training:
      products = False
    else:
      products = self.products
    if products:
      scale = torch.div(1., torch.sqrt(torch.size(q, 3)))
      scores = torch.matmul(torch.mul(q, scale), torch.transpose(k, 2, 3))
      y = torch.matmul(torch.softmax(torch.add_(scores, bias0), -1), v)
    else:
      if self.training:
        p = self.dropout
      else:
        p = 0.
      y = torch.scaled_dot_product_attention(q, k, v, bias0, p)
    return torch.flatten(torch.transpose(y, 1, 2), 2, 3)
  # q, k, v [B, T, D]
  def forward(self: __torch__.Attention, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    return (self).weigh((self).split(q), (self).split(k), (self).split(v), bias)

