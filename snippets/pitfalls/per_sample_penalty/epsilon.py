import torch

torch.manual_seed(0)
batch = 3  # as many as channels, for once
real, fake = torch.randn(2, batch, 3, 3, 3)


def off_the_line(eps):
    """How far a point is from the line between its own two images."""
    x = eps * real + (1 - eps) * fake
    step, line = (x - fake).flatten(1), (real - fake).flatten(1)
    along = (step * line).sum(1) / (line * line).sum(1)
    return (step - along[:, None] * line).norm(dim=1).max().item()


shapes = [(batch, 1, 1, 1), (1,), (batch,), (batch, 1), (batch, 1, 1)]
on = []
for shape in [*shapes, real.shape]:
    on.append(off_the_line(torch.rand(shape)) < 1e-4)
    print(list(shape), on[-1])
#> [3, 1, 1, 1] True
#> [1] True
#> [3] False
#> [3, 1] False
#> [3, 1, 1] False
#> [3, 3, 3, 3] False
