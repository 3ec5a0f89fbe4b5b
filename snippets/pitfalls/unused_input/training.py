# right: pitfalls/unused_input/right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
x = torch.rand(32, 2)
y = 2 * x[:, :1]


# --8<-- [start:loss]
def perturbed(x):
    return (x + 0.1 * torch.randn_like(x)).requires_grad_()


def penalized(net, x, y):
    output = net(perturbed(x))
    # --8<-- [mark]
    slope = torch.autograd.grad(
        output.sum(),
        perturbed(x),
        create_graph=True,
    )[0]
    penalty = slope.flatten(1).pow(2).sum(dim=1).mean()
    return ((output - y) ** 2).mean() + penalty


penalized(net, x, y)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
# --8<-- [end:loss]
