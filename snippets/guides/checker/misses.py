# uses: guides/checker/lostgrad.py
# --8<-- [start:formula]
import random

import torch
from lostgrad import check

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)
)
x = torch.randn(8, 3, requires_grad=True)


def slopes():
    return torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]


def one_norm_for_all():  # WGAN-GP wants the norm of each sample
    return (slopes().norm() - 1).pow(2)


print(check(one_norm_for_all, net.parameters()).ok)
#> True
# --8<-- [end:formula]


# --8<-- [start:point]
def cut_when_large():
    g = slopes()
    return (g if g.norm() < 10 else g.detach()).pow(2).sum()


print(check(cut_when_large, net.parameters()).ok)
#> True
net[2].weight.data *= 100
print(check(cut_when_large, net.parameters()).ok)
#> False
net[2].weight.data /= 100
# --8<-- [end:point]


# --8<-- [start:parameters]
def cut_below():
    return net[2](net[:2](x).detach()).pow(2).mean()


print(check(cut_below, net[2].parameters()).ok)
#> True
print(check(cut_below, net.parameters()).ok)
#> False
# --8<-- [end:parameters]


# --8<-- [start:accumulated]
def step():
    slopes().pow(2).sum().backward()  # adds to the .grad of the last step


print(check(step, net.parameters()).ok)
#> True
# --8<-- [end:accumulated]


# --8<-- [start:cache]
cache = {}


def with_cache():  # the gradients of the first call, for good
    if "slopes" not in cache:
        cache["slopes"] = slopes().detach()
    return net(x).pow(2).mean() + cache["slopes"].pow(2).sum()


print(check(with_cache, net.parameters()).ok)
#> False
with_cache()  # now the cache is filled
print(check(with_cache, net.parameters()).ok)
#> True
# --8<-- [end:cache]


# --8<-- [start:unseen]
def lost():  # an operation without a derivative
    return torch.linspace(0.0, slopes().norm(), 8)[:, None].pow(2)


def summand():
    return net(x).pow(2).mean() + 1e-8 * lost().mean()


def over_elements():
    return (net(x).pow(2) + 1e-8 * lost()).mean()


print(check(summand, net.parameters()).ok)
#> False
print(check(over_elements, net.parameters()).ok)
#> True
# --8<-- [end:unseen]


# --8<-- [start:state]
system = random.SystemRandom()


def noisy():
    return net(x).pow(2).mean() + system.random() * slopes().pow(2).sum()


print(check(noisy, net.parameters()))
#> lostgrad: unsure
#>   no differences: the loss is another one at each call
# --8<-- [end:state]


# --8<-- [start:inner]
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x, x**2)
        return x**3

    @staticmethod
    def backward(ctx, outer):
        return outer * 3 * ctx.saved_tensors[1]  # a constant to autograd


w = torch.ones(3, requires_grad=True)
t = torch.tensor([0.2, 0.5, 1.0], requires_grad=True)


def derivative(u, t):
    return torch.autograd.grad(u.sum(), t, create_graph=True)[0]


def residual():  # u'' of u = w t^3 is 6 w t, and this is zero
    u_tt = derivative(derivative(w * Cube.apply(t), t) + 0 * t, t)
    return (u_tt - w).pow(2).sum()


print(check(residual, [w]).ok)
#> True
print(check(lambda: derivative(Cube.apply(t), t).sum(), [t]).ok)
#> False
# --8<-- [end:inner]


# --8<-- [start:after]
def second_pass():  # as in sharpness-aware minimization
    net(x).pow(2).mean().backward()
    with torch.no_grad():
        for p in net.parameters():
            p += 0.05 * p.grad
    descend().backward()


def descend():
    y = net[2](Cube.apply(net[0](x)))
    return derivative(y, x).pow(2).mean()


print(check(second_pass, net.parameters()))
#> lostgrad: right
#>   misses.py:152: no_grad: changes nothing
#>   1 slope agrees with differences, to 1e-06 or better
#>   misses.py:154: changes the parameters, so what follows is not checked
print(check(descend, net.parameters()).ok)
#> False
# --8<-- [end:after]
