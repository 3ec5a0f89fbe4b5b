# wrong: u_xx is 5.1426, the second derivative is -0.0833
# right: pitfalls/precision/cancel_right.py
import torch

x = torch.tensor(0.01, requires_grad=True)
u = (1 - torch.cos(x)) / x**2
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = round(torch.autograd.grad(u_x, x)[0].item(), 4)
print("u_xx:", u_xx)
#> u_xx: 5.1426
