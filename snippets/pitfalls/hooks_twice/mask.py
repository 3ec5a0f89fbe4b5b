import torch

mask = torch.tensor([1.0, 0.0])
x = torch.tensor([2.0, 3.0], requires_grad=True)
x.register_hook(lambda grad: mask * grad)
g = torch.autograd.grad(x.pow(3).sum(), x, create_graph=True)[0]
P = g.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0]
print("g:", g.tolist(), "dP_dx:", dP_dx.tolist())
#> g: [12.0, 0.0] dP_dx: [288.0, 0.0]
