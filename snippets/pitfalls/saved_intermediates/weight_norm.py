# wrong: dP_dv is [3.3738, -2.5303], the gradient is [2.898, -3.1647]
# right: pitfalls/saved_intermediates/weight_norm_right.py
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

linear = weight_norm(nn.Linear(2, 1, bias=False))
v = linear.parametrizations.weight.original1
with torch.no_grad():
    linear.parametrizations.weight.original0.fill_(2.0)
    v.copy_(torch.tensor([[3.0, 4.0]]))
L = linear(torch.tensor([1.0, 2.0])).pow(2).sum()
dL_dv = torch.autograd.grad(L, v, create_graph=True)[0]
P = dL_dv.pow(2).sum()
dP_dv = [round(value, 4) for value in torch.autograd.grad(P, v)[0][0].tolist()]
print("P:", round(P.item(), 4), "dP_dv:", dP_dv)
#> P: 1.9825 dP_dv: [3.3738, -2.5303]
