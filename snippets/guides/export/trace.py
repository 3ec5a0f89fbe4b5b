# right: guides/export/record.py
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")  # among them, that torch.jit.trace is deprecated


class Forces(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))

    def forward(self, x):
        x = x.detach().requires_grad_()
        return -torch.autograd.grad(self.net(x).sum(), x)[0]


torch.jit.trace(Forces(), torch.randn(3, 2))
#! RuntimeError: Cannot insert a Tensor that requires grad as a constant. ...
