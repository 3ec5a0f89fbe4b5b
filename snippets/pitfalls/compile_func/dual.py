# right: pitfalls/compile_func/dual_right.py
import warnings

import torch
from torch import nn
from torch.autograd import forward_ad

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
net = torch.compile(
    nn.Sequential(nn.Linear(2, 3), nn.Tanh()), backend="aot_eager"
)
x, v = torch.randn(2), torch.randn(2)
with forward_ad.dual_level():
    net(forward_ad.make_dual(x, v))
#! NotImplementedError: You must implement the jvp function for custom autograd.Function to
#!   use it with forward mode AD.
