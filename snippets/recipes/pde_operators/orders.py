# uses: recipes/pde_operators/taylor.py
import warnings

import torch
from taylor import derivatives
from torch.func import jvp
from torch.nn import Linear, Sequential, Tanh
from torch.utils._python_dispatch import TorchDispatchMode

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
layers = Linear(2, 16), Tanh(), Linear(16, 16), Tanh(), Linear(16, 1)
net = Sequential(*layers).double()
points = torch.randn(10, 2, dtype=torch.float64)
along_x = torch.tensor([1.0, 0.0], dtype=torch.float64)
trained = [p for p in net.parameters() if p is not layers[-1].bias]


# --8<-- [start:shown]
def nested(order):
    x = points.clone().requires_grad_()
    u = net(x)
    for _ in range(order):
        u = torch.autograd.grad(u.sum(), x, create_graph=True)[0][:, :1]
    return u


def forward_mode(order, u=net):
    if order == 0:
        return u(points)
    tangent = along_x.repeat(len(points), 1)
    u_x = lambda x: jvp(u, (x,), (tangent,))[1]
    return forward_mode(order - 1, u_x)


def taylor(order):
    return derivatives(net, points, along_x, order)[order]


def train(way, order):
    loss = way(order).square().mean()
    return torch.autograd.grad(loss, trained)


# --8<-- [end:shown]
class Products(TorchDispatchMode):
    count = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.count += function in {torch.ops.aten.mm.default, torch.ops.aten.addmm.default}
        return function(*args, **(kwargs or {}))


def products(way, order):
    with Products() as counter:
        train(way, order)
    return counter.count


# --8<-- [start:result]
orders, counts, off = (1, 2, 4, 6), [], 0
for way in nested, forward_mode, taylor:
    counts.append([products(way, order) for order in orders])
    for one, exact in zip(train(way, 6), train(nested, 6), strict=True):
        off = max(off, ((one - exact).abs().max() / exact.abs().max()).item())
    print(f"{way.__name__:12} {counts[-1]}")
#> nested       [14, 23, 65, 215]
#> forward_mode [19, 46, 312, 2450]
#> taylor       [14, 20, 32, 44]
print(f"the gradients agree: {off < 1e-10}")
#> the gradients agree: True
# --8<-- [end:result]
