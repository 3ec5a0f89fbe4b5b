import torch
from torch import nn

torch.manual_seed(0)
D = nn.Conv2d(1, 1, 3, padding=1)  # a score for each patch
x = torch.randn(4, 1, 8, 8, requires_grad=True)
score = D(x)


def length(total):
    g = torch.autograd.grad(total, x, retain_graph=True)[0]
    return g.flatten(1).norm(dim=1)[0].item()


of_the_sum = length(score.sum())
of_the_mean = length(score.flatten(1).mean(dim=1).sum())
ratio = of_the_sum / of_the_mean
print(f"longer by the number of patches: {ratio:.1f}")
#> longer by the number of patches: 64.0
