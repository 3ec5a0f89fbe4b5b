import torch


def penalty(x):
    torch.manual_seed(0)
    u = torch.nn.functional.dropout(x**3, p=0.5).sum()
    return torch.autograd.grad(u, x, create_graph=True)[0].pow(2).sum()


x = torch.linspace(1.0, 2.0, 100, dtype=torch.float64, requires_grad=True)
direction = torch.ones_like(x)
slope = torch.autograd.grad(penalty(x), x)[0] @ direction
h = 1e-5
step = h * direction
difference = (penalty(x + step) - penalty(x - step)) / (2 * h)
agrees = torch.allclose(slope, difference)
print("autograd and the finite difference agree:", agrees)
#> autograd and the finite difference agree: True
