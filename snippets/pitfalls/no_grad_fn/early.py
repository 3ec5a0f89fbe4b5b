import torch

x = torch.tensor([1.0, 2.0])
x.requires_grad_()
u = (x**3).sum()
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x)[0]
print("u_x:", u_x.tolist(), "u_xx:", u_xx.tolist())
#> u_x: [3.0, 12.0] u_xx: [6.0, 12.0]
