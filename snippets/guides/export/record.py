import torch
from torch import nn
from torch.fx.experimental.proxy_tensor import make_fx

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
x1, x2 = torch.randn(3, 2), torch.randn(5, 2)


def forces(x):
    return -torch.func.grad(lambda x: net(x).sum())(x)


# --8<-- [start:record]
recorded = make_fx(
    forces, tracing_mode="symbolic", _allow_non_fake_inputs=True
)(x1)
batch = torch.export.Dim("batch")
program = torch.export.export(
    recorded, (x1,), dynamic_shapes=({0: batch},)
)
exported = program.module()
# At a second input, with another number of rows:
at_second = exported(x2)
print(torch.allclose(at_second, forces(x2)))
#> True
# --8<-- [end:record]
W, b, w = net[0].weight, net[0].bias, net[2].weight
version = torch.__version__.partition("+")[0]
