# uses: recipes/pde_operators/taylor.py
import torch
from taylor import derivatives
from torch.nn import Linear, Sequential, Tanh
from torch.utils._python_dispatch import TorchDispatchMode

torch.manual_seed(0)
layers = Linear(2, 16), Tanh(), Linear(16, 16), Tanh(), Linear(16, 1)
net = Sequential(*layers).double()
points = torch.randn(10, 2, dtype=torch.float64)
along_x = torch.tensor([1.0, 0.0], dtype=torch.float64)


# --8<-- [start:shown]
def nested(order):
    x = points.clone().requires_grad_()
    u = net(x)
    for _ in range(order):
        u = torch.autograd.grad(u.sum(), x, create_graph=True)[0][:, :1]
    return u


def taylor(order):
    return derivatives(net, points, along_x, order)[order]


def train(way, order):
    loss = way(order).square().mean()
    return torch.autograd.grad(loss, net[0].weight)[0]


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
orders = 1, 2, 4, 6
off = 0
for order in orders:
    exact = train(nested, order)
    relative = (train(taylor, order) - exact).abs().max() / exact.abs().max()
    off = max(off, relative.item())
print(f"the gradients agree: {off < 1e-12}")
#> the gradients agree: True
by_nesting = [products(nested, order) for order in orders]
by_taylor = [products(taylor, order) for order in orders]
print("matrix products:", by_nesting, by_taylor)
#> matrix products: [11, 18, 48, 150] [11, 16, 26, 36]
# --8<-- [end:result]
