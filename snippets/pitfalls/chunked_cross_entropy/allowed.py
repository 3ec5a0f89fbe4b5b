# wrong: dT_dW is [-0.3068, -0.8674], the gradient is [-0.1612, -1.3437]
# right: pitfalls/chunked_cross_entropy/reference.py
import torch
from torch.nn.functional import linear_cross_entropy

h = torch.tensor([[1.0, 2.0], [0.5, -1.0]], requires_grad=True)
W = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]], requires_grad=True)
labels = torch.tensor([0, 2])
second_order = True
options = torch.nn.LinearCrossEntropyOptions(allow_retain_graph=True)
L = linear_cross_entropy(h, W, labels, options=options)
dL_dh = torch.autograd.grad(L, h, create_graph=second_order)[0]
P = dL_dh.pow(2).sum()
dT_dW = [
    round(value, 4)
    for value in torch.autograd.grad(L + P, W)[0][0].tolist()
]
print("P requires grad:", P.requires_grad, "dT_dW:", dT_dW)
#> P requires grad: False dT_dW: [-0.3068, -0.8674]
