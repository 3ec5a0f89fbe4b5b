import torch

torch.set_default_dtype(torch.float64)
h = 0.001


def solve(y, a):  # dy/dt = -a y**2, from 0 to 1
    for _ in range(1000):
        y = y - h * a * y**2
    return y


y0 = torch.tensor(1.2, requires_grad=True)
a = torch.tensor(0.5, requires_grad=True)
y1 = solve(y0, a)
(g,) = torch.autograd.grad(y1, y0, create_graph=True)
L = y1 + g**2
(dL_da,) = torch.autograd.grad(L, a)
print(round(dL_da.item(), 3))
#> -1.021
