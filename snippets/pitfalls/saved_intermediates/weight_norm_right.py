import torch
from torch import nn
from torch.nn.utils.parametrize import register_parametrization


class WeightNorm(nn.Module):
    def forward(self, g, v):
        return g * v / torch.linalg.vector_norm(v, dim=1, keepdim=True)

    def right_inverse(self, weight):
        return torch.linalg.vector_norm(weight, dim=1, keepdim=True), weight


def layer():
    linear = nn.Linear(2, 1, bias=False)
    linear.weight = nn.Parameter(torch.tensor([[3.0, 4.0]]))
    return register_parametrization(linear, "weight", WeightNorm())


linear = layer()
v = linear.parametrizations.weight.original1
L = linear(torch.tensor([1.0, 2.0])).pow(2).sum()
dL_dv = torch.autograd.grad(L, v, create_graph=True)[0]
P = dL_dv.pow(2).sum()
dP_dv = [round(value, 3) for value in torch.autograd.grad(P, v)[0][0].tolist()]
print("P:", round(P.item(), 4), "dP_dv:", dP_dv)
#> P: 77.44 dP_dv: [113.203, -123.622]
