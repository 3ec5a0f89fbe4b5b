# right: pitfalls/backward_create_graph/optimizer.py
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore", UserWarning)
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
x = torch.randn(16, 2)
params = list(net.parameters())


def curvature(params):  # as AdaHessian does it in its step
    grads = [p.grad for p in params]
    signs = [torch.randn_like(g).sign() for g in grads]
    return torch.autograd.grad(grads, params, signs)


# --8<-- [start:steps]
for micro_batch in x.split(8):
    net(micro_batch).pow(2).mean().backward(create_graph=True)
    curvature(params)
#! RuntimeError: Trying to backward through the graph a second time ...
# --8<-- [end:steps]
