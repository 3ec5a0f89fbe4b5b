import torch

x = torch.linspace(0, 1, 5, requires_grad=True)
u = torch.sin(x)
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
print(torch.allclose(u_xx, -torch.sin(x)), u_xx.requires_grad)
#> True True
