import torch
from torch import nn
from torch.nn.utils.parametrize import register_parametrization


def length(v):
    dims = tuple(range(1, v.dim()))  # one length for each output
    return torch.linalg.vector_norm(v, dim=dims, keepdim=True)


class WeightNorm(nn.Module):
    def forward(self, g, v):
        return g * v / length(v)

    def right_inverse(self, weight):
        return length(weight), weight


def layer():
    linear = nn.Linear(2, 1, bias=False)
    linear.weight = nn.Parameter(torch.tensor([[3.0, 4.0]]))
    # --8<-- [mark]
    return register_parametrization(linear, "weight", WeightNorm())


linear = layer()
v = linear.parametrizations.weight.original1
L = linear(torch.tensor([1.0, 2.0])).pow(2).sum()
dL_dv = torch.autograd.grad(L, v, create_graph=True)[0]
P = dL_dv.pow(2).sum()
dP_dv = torch.autograd.grad(P, v)[0][0].tolist()
dP_dv = [round(entry, 3) for entry in dP_dv]
print("P:", round(P.item(), 4), "dP_dv:", dP_dv)
#> P: 77.44 dP_dv: [113.203, -123.622]
