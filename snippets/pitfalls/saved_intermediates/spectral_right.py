import torch
from torch import nn
from torch.nn.utils.parametrize import register_parametrization


class SpectralNorm(nn.Module):
    def forward(self, W):
        return W / torch.linalg.matrix_norm(W.flatten(1), ord=2)


def layer():
    linear = nn.Linear(2, 2, bias=False).double()
    linear.weight.data = torch.tensor([[3.0, 1.0], [0.0, 1.0]]).double()
    # --8<-- [mark]
    return register_parametrization(linear, "weight", SpectralNorm())


linear = layer()
W = linear.parametrizations.weight.original
L = linear(torch.tensor([1.0, 2.0]).double()).pow(2).sum()
dL_dW = torch.autograd.grad(L, W, create_graph=True)[0]
P = dL_dW.pow(2).sum()
dP_dW = torch.autograd.grad(P, W)[0].flatten()
dP_dW = [round(entry, 3) for entry in dP_dW.tolist()]
print(f"P: {P:.4f} dP_dW: {dP_dW}")
#> P: 2.8863 dP_dW: [-1.711, -1.32, -0.667, 0.68]
