# wrong: dP_dW is [-2.562, 0.617, 0.333, 1.297], the gradient is [-1.711, -1.32, -0.667, 0.68]
# right: pitfalls/saved_intermediates/spectral_right.py
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm


def layer():
    linear = nn.Linear(2, 2, bias=False).double()
    linear.weight.data = torch.tensor([[3.0, 1.0], [0.0, 1.0]]).double()
    # --8<-- [mark]
    return spectral_norm(linear, n_power_iterations=50)


torch.manual_seed(0)
linear = layer()
W = linear.parametrizations.weight.original
L = linear(torch.tensor([1.0, 2.0]).double()).pow(2).sum()
dL_dW = torch.autograd.grad(L, W, create_graph=True)[0]
P = dL_dW.pow(2).sum()
dP_dW = torch.autograd.grad(P, W)[0].flatten()
dP_dW = [round(entry, 3) for entry in dP_dW.tolist()]
print(f"P: {P:.4f} dP_dW: {dP_dW}")
#> P: 2.8863 dP_dW: [-2.562, 0.617, 0.333, 1.297]
