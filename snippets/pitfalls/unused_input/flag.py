import torch

x = torch.tensor(2.0, requires_grad=True)
y = torch.tensor(3.0, requires_grad=True)
u = x**3 * y
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
r = y * u_x
dr_dx = torch.autograd.grad(r, x)[0]
print("dr_dx:", dr_dx.item())
#> dr_dx: 108.0
