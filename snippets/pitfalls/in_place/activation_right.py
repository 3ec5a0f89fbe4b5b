import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
h = 2 * x
L = (h**3).sum()
g = torch.autograd.grad(L, x, create_graph=True)[0]
h = h + 1
d2L = torch.autograd.grad(g.sum(), x)[0]
print("g:", g.tolist(), "d2L:", d2L.tolist())
#> g: [24.0, 96.0] d2L: [48.0, 96.0]
