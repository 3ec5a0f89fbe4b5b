# right: guides/export/record.py
import torch
from torch import nn


class Forces(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))

    def forward(self, x):
        energy = self.net(x).sum()
        return -torch.autograd.grad(energy, x)[0]


x = torch.randn(3, 2, requires_grad=True)
torch.export.export(Forces(), (x,))
#! RuntimeError: We found a fake tensor in the exported program constant's list. ...
