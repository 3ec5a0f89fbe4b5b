import torch

x = torch.tensor([2.0], requires_grad=True)
g = 10 * torch.autograd.grad(x.pow(3).sum(), x, create_graph=True)[0]
P = g.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0].item()
print("g:", g.item(), "P:", P.item(), "dP_dx:", dP_dx)
#> g: 120.0 P: 14400.0 dP_dx: 28800.0
