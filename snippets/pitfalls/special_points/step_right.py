import math

import torch
from torch import nn

torch.manual_seed(0)
first, last = nn.Linear(2, 8, bias=False), nn.Linear(8, 1)
x = torch.randn(16, 2)
x[0] = 0  # a sample of padding
# --8<-- [start:loss]
def sinc(x):
    z = math.pi * x
    small = z.abs() < 1
    near = torch.where(small, z, 0.0)
    far = torch.where(small, 1.0, z)
    series = sum(
        (-1) ** k * near ** (2 * k) / math.factorial(2 * k + 1)
        for k in range(9)
    )
    return torch.where(small, series, far.sin() / far)


def smooth_loss(x):
    x = x.detach().requires_grad_()
    y = last(sinc(first(x)))
    slope = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
    return y.square().mean() + slope.square().mean()


loss = smooth_loss(x)
loss.backward()
# --8<-- [end:loss]
gradient = first.weight.grad
finite = gradient.isfinite().all().item()
print("loss finite:", loss.isfinite().item(), "gradient finite:", finite)
#> loss finite: True gradient finite: True
