# --8<-- [start:checker]
import math

import torch


def check_gradient(loss_fn, params, step=1e-6, rel_tol=1e-4):
    """Compare the gradient of loss_fn() with a finite difference in a random direction."""
    params = [p for p in params if p.requires_grad]
    if any(p.dtype != torch.float64 for p in params):
        raise TypeError("check in float64, for instance after model.double()")

    loss = loss_fn()
    grads = torch.autograd.grad(loss, params, materialize_grads=True)
    direction = [torch.randn_like(p) for p in params]
    length = math.sqrt(sum(v.pow(2).sum().item() for v in direction))
    slope = sum((g * v).sum().item() for g, v in zip(grads, direction, strict=True)) / length

    starts = [p.detach().clone() for p in params]

    def move(distance):
        with torch.no_grad():
            for p, start, v in zip(params, starts, direction, strict=True):
                p.copy_(start + distance / length * v)

    try:
        move(step)
        ahead = loss_fn().item()
        move(-step)
        behind = loss_fn().item()
    finally:
        move(0)

    difference = (ahead - behind) / (2 * step)
    report = f"autograd {slope:.3f}, finite difference {difference:.3f}"
    if not math.isclose(slope, difference, rel_tol=rel_tol, abs_tol=1e-8 * abs(loss.item())):
        raise AssertionError(report)
    return report
# --8<-- [end:checker]


# --8<-- [start:use]
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()
x = torch.randn(8, 3, dtype=torch.float64, requires_grad=True)


def loss(**flags):
    y = model(x)
    dy_dx = torch.autograd.grad(y.sum(), x, **flags)[0]
    return y.pow(2).mean() + dy_dx.pow(2).sum()


print(check_gradient(lambda: loss(create_graph=True), model.parameters()))
#> autograd 0.058, finite difference 0.058
check_gradient(lambda: loss(retain_graph=True), model.parameters())
#! AssertionError: autograd -0.035, finite difference -0.142
# --8<-- [end:use]
