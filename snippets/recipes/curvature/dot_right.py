import torch
from torch import nn

torch.manual_seed(0)
net = nn.Conv2d(1, 2, 3)
x = torch.randn(4, 1, 5, 5)
loss = net(x).tanh().square().mean()
g = torch.autograd.grad(loss, net.weight, create_graph=True)[0]
z = torch.randn_like(g).sign()
diagonal = z * torch.autograd.grad((g * z).sum(), net.weight)[0]
print(diagonal.shape == net.weight.shape)
#> True
