import torch
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
x = torch.linspace(1.0, 2.0, 1000, requires_grad=True)


def f(x):
    return torch.nn.functional.dropout(x**3, p=0.5)


u = checkpoint(f, x, use_reentrant=False)
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x)[0]
first = torch.equal(u != 0, u_x != 0)
second = torch.equal(u_x != 0, u_xx != 0)
same_mask = first and second
print("u and u_x:", first, "u_x and u_xx:", second)
#> u and u_x: True u_x and u_xx: True
