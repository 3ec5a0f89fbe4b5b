import torch
from torch import nn

torch.manual_seed(0)
x = torch.rand(4, 2, requires_grad=True)
first, last = nn.Linear(2, 3), nn.Linear(3, 1)
results = []
for inplace in (True, False):
    h = nn.functional.relu(first(x), inplace=inplace)
    g = torch.autograd.grad(last(h).pow(2).sum(), x, create_graph=True)[0]
    dP_dw = torch.autograd.grad(g.pow(2).sum(), first.weight)[0]
    results.append(dP_dw)
print("zero:", not dP_dw.any().item(), "equal:", torch.equal(*results))
#> zero: False equal: True
