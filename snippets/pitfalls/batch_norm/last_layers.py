import torch
from torch import nn

torch.manual_seed(0)
features = torch.randn(6, 12, dtype=torch.float64)
images = torch.randn(6, 3, 2, 2, dtype=torch.float64)
linear, mean = nn.Linear(12, 1), nn.AvgPool1d(12)
pairs = [
    (features, nn.BatchNorm1d(12), linear),
    (images, nn.BatchNorm2d(3), linear),
    (images, nn.InstanceNorm2d(3), linear),
    (images, nn.InstanceNorm2d(3), mean),
    (features, nn.LayerNorm(12), linear),
    (features, nn.LayerNorm(12), mean),
]
vanishes = []
for x, norm, last in pairs:
    x = x.clone().requires_grad_()
    critic = nn.Sequential(norm, nn.Flatten(), last).double()
    g = torch.autograd.grad(critic(x).sum(), x)[0]
    vanishes.append(g.abs().max().item() < 1e-9)
    print(type(norm).__name__, type(last).__name__, vanishes[-1])
#> BatchNorm1d Linear True
#> BatchNorm2d Linear False
#> InstanceNorm2d Linear False
#> InstanceNorm2d AvgPool1d True
#> LayerNorm Linear False
#> LayerNorm AvgPool1d True
