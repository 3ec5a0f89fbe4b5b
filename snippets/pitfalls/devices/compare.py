import copy

import torch
from torch import nn


# --8<-- [start:compare]
def of_penalty(net, x, device, dtype):
    """The gradient of a penalty, computed there and brought here."""
    net = copy.deepcopy(net).to(device, dtype)
    x = x.detach().to(device, dtype, copy=True).requires_grad_()
    slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
    penalty = slope.pow(2).sum()
    weights = [p for p in net.parameters() if p.requires_grad]
    grads = torch.autograd.grad(penalty, weights, materialize_grads=True)
    return torch.cat([g.flatten() for g in grads]).cpu().double()


accelerator = torch.accelerator.current_accelerator(check_available=True)
device = accelerator or "cpu"
torch.manual_seed(0)
net = nn.Sequential(
    nn.Conv2d(1, 4, 3, padding=1), nn.Tanh(), nn.Flatten(), nn.Linear(64, 1)
)
x = torch.randn(2, 1, 4, 4)
exact = of_penalty(net, x, "cpu", torch.float64)
there = of_penalty(net, x, device, torch.float32)
error = ((there - exact).norm() / exact.norm()).item()
print("agree to five digits:", error < 1e-5)
#> agree to five digits: True
# --8<-- [end:compare]
