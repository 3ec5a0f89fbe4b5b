import logging

import torch
import torch._dynamo
from torch import nn
from torch.autograd import grad

torch._logging.set_logs(all=logging.ERROR)


# --8<-- [start:steps]
def plain(net, x):
    net(x).square().mean().backward()


def penalized(net, x):
    y = net(x)
    slope = grad(y.sum(), x, create_graph=True)[0]
    (y.square().mean() + slope.square().sum()).backward()


def returned(net, x):
    y = net(x)
    slope = grad(y.sum(), x, create_graph=True)[0]
    loss = y.square().mean() + slope.square().sum()
    loss.backward()
    return loss


def in_stages(net, x):
    out = net(x)
    outer = grad(out.square().mean(), out, retain_graph=True)[0]
    for p in net.parameters():
        g = grad(out, p, grad_outputs=outer, retain_graph=True)
        p.grad = g[0]


# --8<-- [end:steps]
def asked(step, flag, full):
    """Does the compiled step leave the gradients of the plain one?"""
    torch._dynamo.reset()
    torch._dynamo.config.trace_autograd_ops = flag
    compiled = torch.compile(step, backend="aot_eager", fullgraph=full)
    found = []
    for run in (step, compiled):
        torch.manual_seed(0)
        net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        x = torch.randn(4, 2, requires_grad=True)
        try:
            run(net, x)
        except RuntimeError:
            return "raises"
        found.append([p.grad for p in net.parameters()])
    if any(g is None for g in found[1]):
        return "no gradient"
    return "right" if all(map(torch.allclose, *found)) else "wrong"


found = []
# --8<-- [start:found]
for step in (plain, penalized, returned, in_stages):
    row = [
        asked(step, flag, full)
        for flag in (False, True)
        for full in (False, True)
    ]
    print(f"{step.__name__}:", ", ".join(row))
    found.append(row)
#> plain: right, raises, right, right
#> penalized: raises, raises, right, right
#> returned: raises, raises, no gradient, raises
#> in_stages: raises, raises, right, right
# --8<-- [end:found]
