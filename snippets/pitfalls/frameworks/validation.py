# right: pitfalls/frameworks/validation_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 8), nn.SiLU(), nn.Linear(8, 1))


# --8<-- [start:step]
def validation_step(positions):
    # --8<-- [mark]
    with torch.enable_grad():
        x = positions.clone().requires_grad_()
        energy = net(x).sum()
        return -torch.autograd.grad(energy, x)[0]


# --8<-- [end:step]
# What Lightning does around it.
with torch.inference_mode():
    forces = validation_step(torch.randn(4, 3))
#! RuntimeError: element 0 of tensors does not require grad and does not
#!   have a grad_fn
