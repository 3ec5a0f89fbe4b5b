# right: pitfalls/batch_norm/layer_norm.py
import torch
from torch import nn
from torch.func import grad, replace_all_batch_norm_modules_, vmap

critic = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))
replace_all_batch_norm_modules_(critic)


def D(sample):
    return critic(sample.unsqueeze(0)).sum()


x = torch.randn(3, 4)
vmap(grad(D))(x)
#! ValueError: Expected more than 1 value per channel when training, got
#!   input size torch.Size([1, 8])
