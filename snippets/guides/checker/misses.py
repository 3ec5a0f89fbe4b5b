# uses: guides/checker/lostgrad.py
# --8<-- [start:formula]
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


# --8<-- [start:state]
calls = []


def annealed():
    calls.append(1)
    return net(x).pow(2).mean() + 0.1 / len(calls) * slopes().pow(2).sum()


print(check(annealed, net.parameters()))
#> lostgrad: unsure
#>   no differences: the loss is another one at each call
# --8<-- [end:state]
