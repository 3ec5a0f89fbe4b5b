import torch
from torch.nn.functional import linear_cross_entropy

W = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]], dtype=torch.float64)
labels = torch.tensor([0, 2])


def total(W):
    h = torch.tensor([[1.0, 2.0], [0.5, -1.0]], dtype=torch.float64, requires_grad=True)
    L = linear_cross_entropy(h, W, labels, options=torch.nn.LinearCrossEntropyOptions())
    return (L + torch.autograd.grad(L, h)[0].pow(2).sum()).item()


dT_dW = []
for k in range(2):
    step = torch.zeros_like(W)
    step[0, k] = 1e-5
    dT_dW.append(round((total(W + step) - total(W - step)) / 2e-5, 4))
print("dT_dW:", dT_dW)
#> dT_dW: [-0.1612, -1.3437]
