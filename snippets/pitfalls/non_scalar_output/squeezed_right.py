import torch
from torch import nn

critic = nn.Linear(3, 1)
shapes = []
for n in (4, 1):
    x = torch.randn(n, 3, requires_grad=True)
    scores = critic(x).squeeze(-1)
    ones = torch.ones_like(scores)
    slope = torch.autograd.grad(scores, x, ones, create_graph=True)[0]
    shapes.append(list(slope.shape))
print(shapes, slope.requires_grad)
#> [[4, 3], [1, 3]] True
