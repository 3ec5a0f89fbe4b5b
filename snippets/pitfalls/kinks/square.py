import torch

x = torch.tensor([0.0, 3.0], requires_grad=True)
u = x**2
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x)[0]
print("u_x:", u_x.tolist(), "u_xx:", u_xx.tolist())
#> u_x: [0.0, 6.0] u_xx: [2.0, 2.0]
