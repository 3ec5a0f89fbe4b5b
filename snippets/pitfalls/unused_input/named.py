import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
x = torch.ones(4, 2, requires_grad=True)
slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
penalty = slope.pow(2).sum(dim=1).mean()
names, parameters = zip(*net.named_parameters())
gradients = torch.autograd.grad(penalty, parameters, allow_unused=True)
missing = [name for name, g in zip(names, gradients) if g is None]
print("missing:", missing)
#> missing: ['2.bias']
if missing != ["2.bias"]:
    raise ValueError(f"no gradient for {missing}")
