import torch
from torch import nn


class Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.view_as(x)

    @staticmethod
    def backward(ctx, outer):
        return -outer


torch.manual_seed(0)
encoder = nn.Linear(2, 3)
domain = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
x = torch.randn(8, 2)


# --8<-- [start:penalty]
def penalty(x):
    h = Reversal.apply(encoder(x))
    # --8<-- [mark]
    r = h.detach().requires_grad_()  # behind the reversal
    slope = torch.autograd.grad(domain(r).sum(), r, create_graph=True)[0]
    return ((slope.norm(dim=1) - 1) ** 2).mean()


# --8<-- [end:penalty]
penalty(x).backward()
print("the domain critic gets it:", domain[0].weight.grad is not None)
#> the domain critic gets it: True
print("the encoder does not:", encoder.weight.grad is None)
#> the encoder does not: True
