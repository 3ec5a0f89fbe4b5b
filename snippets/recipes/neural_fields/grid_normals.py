import torch
from torch.nn.functional import grid_sample

torch.manual_seed(0)
low, high = torch.tensor([-2.0, -2.0]), torch.tensor([2.0, 6.0])
plane = torch.randn(1, 1, 8, 8, requires_grad=True)


def density(x):
    unit = 2 * (x - low) / (high - low) - 1  # to [-1, 1]
    grid = unit.view(1, -1, 1, 2)
    return grid_sample(plane, grid, align_corners=True).view(-1)


x = torch.tensor([[0.3, 1.7]], requires_grad=True)  # of the scene
g = torch.autograd.grad(density(x).sum(), x, create_graph=True)[0]
loss = (g.norm(dim=-1) - 1).square().mean()
loss.backward()
entries = int((plane.grad != 0).sum())
print(f"the loss trains {entries} entries of the plane")
#> the loss trains 4 entries of the plane
