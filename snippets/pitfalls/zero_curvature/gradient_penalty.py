import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1)).double()
x = torch.randn(4, 2, dtype=torch.float64, requires_grad=True)
dy_dx = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
penalty = dy_dx.pow(2).sum(dim=1).mean()
penalty.backward()
for name, p in net.named_parameters():
    length = None if p.grad is None else round(p.grad.norm().item(), 4)
    print(name, length)
#> 0.weight 0.1253
#> 0.bias 0.0
#> 2.weight 0.2063
#> 2.bias None
