import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(2, 1))
x = torch.tensor([[1.0, 2.0]], requires_grad=True)
g = torch.autograd.grad(net(x.clone()).sum(), x, create_graph=True)[0]
penalty = g.pow(2).sum()
penalty.backward()
weight = net[1].weight
print("grad is 2 w:", torch.allclose(weight.grad, 2 * weight))
#> grad is 2 w: True
