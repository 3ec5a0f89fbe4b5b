import torch

c = torch.tensor(1.0, requires_grad=True)
x = 2 * c
u = x**3
P = torch.autograd.grad(u, x, create_graph=True)[0]
dP_dc = torch.autograd.grad(P, c)[0].item()
print("dP_dc:", dP_dc)
#> dP_dc: 24.0
