# right: pitfalls/leaf_in_place/activation_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(2, 1))
x = torch.tensor([[1.0, 2.0]])
print("without a penalty:", net(x).shape)
#> without a penalty: torch.Size([1, 1])
x.requires_grad_()
net(x)
#! RuntimeError: a leaf Variable that requires grad is being used in an
#!   in-place operation.
