import torch

x = torch.tensor(0.01, dtype=torch.float64, requires_grad=True)
u = (1 - torch.cos(x)) / x**2
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = round(torch.autograd.grad(u_x, x)[0].item(), 4)
print("u_xx:", u_xx)
#> u_xx: -0.0833
