import torch
from torch import nn
from torch.func import grad, vmap

critic = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).eval()


def D(image):
    # --8<-- [mark]
    return critic(image.unsqueeze(0)).sum()


images = torch.randn(4, 1, 5, 5)
g = vmap(grad(D))(images)
print("shape:", list(g.shape))
#> shape: [4, 1, 5, 5]
