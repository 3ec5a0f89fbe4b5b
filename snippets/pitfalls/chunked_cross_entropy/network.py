# wrong: dP_dV is [0.0099, -0.0286], the gradient is [0.0046, -0.0269]
# right: pitfalls/chunked_cross_entropy/network_right.py
import torch
from torch.nn.functional import linear_cross_entropy

x = torch.tensor([[1.0, 2.0], [0.5, -1.0]], requires_grad=True)
V = torch.tensor([[0.5, 0.2], [-0.3, 1.0]], requires_grad=True)
W = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]], requires_grad=True)
labels = torch.tensor([0, 2])
options = torch.nn.LinearCrossEntropyOptions()
L = linear_cross_entropy(torch.tanh(x @ V.T), W, labels, options=options)
P = torch.autograd.grad(L, x, create_graph=True)[0].pow(2).sum()
dP_dV = [
    round(value, 4) for value in torch.autograd.grad(P, V)[0][0].tolist()
]
print("P requires grad:", P.requires_grad, "dP_dV:", dP_dV)
#> P requires grad: True dP_dV: [0.0099, -0.0286]
