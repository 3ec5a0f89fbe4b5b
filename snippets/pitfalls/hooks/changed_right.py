import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
b = x**3
a = 2 * x
handle = a.register_hook(lambda grad: grad * 2)
L = (a + b).pow(2).sum()
g = torch.autograd.grad(L, x, create_graph=True)[0]
handle.remove()
dg_dx = torch.autograd.grad(g.sum(), x)[0]
print("g:", g.tolist(), "dg_dx:", dg_dx.tolist())
#> g: [42.0, 384.0] dg_dx: [106.0, 736.0]
