import torch
from torch import nn

i, j = torch.triu_indices(4, 4, 1)
torch.manual_seed(0)
start = torch.eye(4)[:, :3] + 0.1 * torch.randn(8, 4, 3)  # 8 clusters
start = start.double()
net = nn.Sequential(nn.Linear(1, 16), nn.SiLU(), nn.Linear(16, 1))


# --8<-- [start:loss]
def gradient(dtype, far=0.0, constant=0.0):
    """The gradient of a loss on energies and forces, in this type."""
    model = net.to(dtype)
    x = (start + far).to(dtype).requires_grad_()
    D = (x[:, i] - x[:, j]).norm(dim=-1, keepdim=True)
    E = model(D).sum(dim=(1, 2)) + constant
    (slope,) = torch.autograd.grad(E.sum(), x, create_graph=True)
    loss = (E - constant).square().mean() + slope.square().mean()
    return torch.autograd.grad(loss, model[0].weight)[0].double()


def error(**where):
    exact = gradient(torch.float64, **where)
    single = gradient(torch.float32, **where)
    return ((single - exact).norm() / exact.norm()).item()


# --8<-- [end:loss]
near, far, offset = error(), error(far=1e3), error(constant=-1e5)
print("from the mean energy:", near < 1e-6)
#> from the mean energy: True
print("with 1e5 in each energy, a hundred times worse:", offset > 100 * near)
#> with 1e5 in each energy, a hundred times worse: True
