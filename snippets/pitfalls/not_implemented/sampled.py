import torch
from torch.autograd import gradgradcheck
from torch.nn.functional import grid_sample


# --8<-- [start:sample]
def sample(image, grid):
    """Bilinear, with zeros outside and align_corners=False."""
    n, channels, height, width = image.shape
    x = ((grid[..., 0] + 1) * width - 1) / 2
    y = ((grid[..., 1] + 1) * height - 1) / 2
    left, top, total = x.detach().floor(), y.detach().floor(), 0
    for i, j in ((top + a, left + b) for a in (0, 1) for b in (0, 1)):
        inside = (i >= 0) & (i < height) & (j >= 0) & (j < width)
        weight = (1 - (x - j).abs()) * (1 - (y - i).abs()) * inside
        at = i.clamp(0, height - 1) * width + j.clamp(0, width - 1)
        at = at.long().flatten(1)[:, None].expand(-1, channels, -1)
        value = image.flatten(2).gather(2, at)
        total = (
            total
            + value.reshape(n, channels, *x.shape[1:]) * weight[:, None]
        )
    return total


# --8<-- [end:sample]
torch.manual_seed(0)
image = torch.randn(2, 2, 4, 5, dtype=torch.float64, requires_grad=True)
grid = (
    2.6 * torch.rand(2, 2, 2, 2, dtype=torch.float64) - 1.3
).requires_grad_()
original = grid_sample(image, grid, align_corners=False)
print("the same:", torch.allclose(sample(image, grid), original))
#> the same: True
print(gradgradcheck(sample, (image, grid)))
#> True
