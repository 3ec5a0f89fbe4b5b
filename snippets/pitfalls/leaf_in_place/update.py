# right: pitfalls/leaf_in_place/adapt.py
import torch
from torch import nn
from torch.nn.functional import mse_loss

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
x, y = torch.randn(16, 2), torch.randn(16, 1)

# --8<-- [start:step]
params = list(net.parameters())
loss = mse_loss(net(x), y)
grads = torch.autograd.grad(loss, params, create_graph=True)
for p, g in zip(params, grads):
    # --8<-- [mark]
    p -= 0.1 * g
#! RuntimeError: a leaf Variable that requires grad is being used in an
#!   in-place operation.
# --8<-- [end:step]
