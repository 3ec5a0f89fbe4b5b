import torch
from torch import nn
from torch.compiler import set_stance
from torch.func import grad

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
x = torch.randn(4, 2, requires_grad=True)
compiled = torch.compile(net, backend="aot_eager")
traced_only = torch.compile(net, backend="eager")
partly = nn.Sequential(torch.compile(net[0], backend="aot_eager"), *net[1:])


def slope(critic, x):
    return torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]


def penalty(critic):
    return slope(critic, x).square().sum()


def forced(critic):
    with set_stance("force_eager"):
        return penalty(critic)


ways = {
    "torch.compile(net)": lambda: penalty(compiled),
    "only one layer compiled": lambda: penalty(partly),
    "net itself, or _orig_mod": lambda: penalty(compiled._orig_mod),
    "set_stance('force_eager')": lambda: forced(compiled),
    "backend='eager'": lambda: penalty(traced_only),
    "torch.func.grad": lambda: (
        grad(lambda x: compiled(x).sum())(x).square().sum()
    ),
}
weight, found = net[0].weight, {}
wanted = torch.autograd.grad(penalty(net), weight)[0]
for name, way in ways.items():
    try:
        gradient = torch.autograd.grad(way(), weight)[0]
        found[name] = (
            "right" if torch.allclose(gradient, wanted) else "wrong"
        )
    except RuntimeError:
        found[name] = "raises"
    print(f"{name}: {found[name]}")
#> torch.compile(net): raises
#> only one layer compiled: raises
#> net itself, or _orig_mod: right
#> set_stance('force_eager'): right
#> backend='eager': right
#> torch.func.grad: right
