# wrong: dP_dv is [131.789, -98.842], the gradient is [113.203, -123.622]
# right: pitfalls/saved_intermediates/weight_norm_right.py
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm


def layer():
    linear = nn.Linear(2, 1, bias=False)
    linear.weight = nn.Parameter(torch.tensor([[3.0, 4.0]]))
    # --8<-- [mark]
    return weight_norm(linear)


linear = layer()
v = linear.parametrizations.weight.original1
L = linear(torch.tensor([1.0, 2.0])).pow(2).sum()
dL_dv = torch.autograd.grad(L, v, create_graph=True)[0]
P = dL_dv.pow(2).sum()
dP_dv = torch.autograd.grad(P, v)[0][0].tolist()
dP_dv = [round(entry, 3) for entry in dP_dv]
print("P:", round(P.item(), 4), "dP_dv:", dP_dv)
#> P: 77.44 dP_dv: [131.789, -98.842]
