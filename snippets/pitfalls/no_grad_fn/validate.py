# right: pitfalls/no_grad_fn/validate_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))


# --8<-- [start:validate]
def penalized(net, x, y):
    x = x.detach().requires_grad_()
    output = net(x)
    slope = torch.autograd.grad(
        output.sum(),
        x,
        create_graph=True,
    )[0]
    penalty = slope.flatten(1).pow(2).sum(dim=1).mean()
    return ((output - y) ** 2).mean() + penalty


# --8<-- [mark]
@torch.no_grad()
def validate(net, x, y):
    return penalized(net, x, y).item()


validate(net, torch.randn(8, 2), torch.randn(8, 1))
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
# --8<-- [end:validate]
