import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
x = torch.rand(4, 2, requires_grad=True)
u_x = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
penalty = u_x.pow(2).sum()
parameters = dict(net.named_parameters())
gradients = torch.autograd.grad(penalty, parameters.values(), allow_unused=True)
unused = [name for name, g in zip(parameters, gradients, strict=True) if g is None]
print("unused:", unused)
#> unused: ['2.bias']
