# right: pitfalls/batch_norm/vmap_eval.py
import torch
from torch import nn
from torch.func import grad, vmap

critic = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)).eval()


def D(image):
    return critic(image).sum()


images = torch.randn(4, 1, 5, 5)
vmap(grad(D))(images)
#! ValueError: expected 4D input (got 3D input)
