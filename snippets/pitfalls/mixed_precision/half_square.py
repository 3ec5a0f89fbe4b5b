# wrong: length is 0.0, the length is 0.0032
# right: pitfalls/mixed_precision/float_square.py
import torch

w = torch.full((1000,), 1e-4, dtype=torch.float16, requires_grad=True)
L = (w**2).sum() / 2
g = torch.autograd.grad(L, w, create_graph=True)[0]
length = g.pow(2).sum().sqrt()
P = (length - 1) ** 2
dP_dw = torch.autograd.grad(P, w)[0][0]
print(f"g: {g[0]:.4f}, length: {length:.4f}, dP_dw: {dP_dw:.3f}")
#> g: 0.0001, length: 0.0000, dP_dw: -inf
