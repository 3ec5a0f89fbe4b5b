import torch


def u(x):
    return x * x * x * x * x


x = torch.tensor(1.0, requires_grad=True)
u_x = torch.autograd.grad(u(x), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x)[0]
print(f"u_xx: {u_xx.item():.2f}")
#> u_xx: 20.00
