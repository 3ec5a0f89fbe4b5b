import torch
from torch.nn.functional import conv1d, grid_sample

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
n, rank = 32, 4
cell = 2 / (n - 1)
a, b = torch.rand(2, 1, rank, n)  # a factor for each axis
a.requires_grad_()


def sampled(factor, at):
    """A factor (1, rank, n) at coordinates (m,) from -1 to 1, by linear interpolation."""
    points = torch.stack([at, torch.zeros_like(at)], dim=-1)[None, :, None]
    return grid_sample(factor[:, :, None], points, align_corners=True)[0, :, :, 0]


def field(x):
    return (sampled(a, x[:, 0]) * sampled(b, x[:, 1])).sum(0)


# --8<-- [start:factors]
def slope(factor):
    """Central differences along a factor's own axis, by one convolution."""
    kernel = torch.tensor([-1.0, 0.0, 1.0]) / (2 * cell)
    return conv1d(factor.transpose(0, 1), kernel.view(1, 1, 3), padding=1).transpose(0, 1)


def gradient(x):
    """The product rule: a smoothed factor along its axis, and the other as it is."""
    A, B = sampled(a, x[:, 0]), sampled(b, x[:, 1])
    A_x, B_y = sampled(slope(a), x[:, 0]), sampled(slope(b), x[:, 1])
    return torch.stack([(A_x * B).sum(0), (A * B_y).sum(0)], dim=-1)


# --8<-- [end:factors]
x = torch.rand(100, 2) - 0.5
g = gradient(x)
steps = cell * torch.eye(2)
# --8<-- [start:compare]
difference = torch.stack([field(x + s) - field(x - s) for s in steps], dim=-1) / (2 * cell)
print("as differences of one cell:", torch.allclose(g, difference))
#> as differences of one cell: True
loss = g.square().mean()
loss.backward()  # one ordinary backward pass
entries = int((a.grad != 0).sum())
print(f"the loss trains {entries} entries of the first factor")
#> the loss trains 80 entries of the first factor
# --8<-- [end:compare]
