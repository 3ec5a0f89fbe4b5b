import torch

x = torch.tensor([0.5], requires_grad=True)
g = torch.autograd.grad(x.pow(3).sum(), x, create_graph=True)[0].clamp(
    -1, 1
)
P = g.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0].item()
print("g:", g.item(), "P:", P.item(), "dP_dx:", dP_dx)
#> g: 0.75 P: 0.5625 dP_dx: 4.5
