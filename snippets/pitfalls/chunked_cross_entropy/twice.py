# right: pitfalls/chunked_cross_entropy/reference.py
import torch
from torch.nn.functional import linear_cross_entropy

h = torch.tensor([[1.0, 2.0], [0.5, -1.0]], requires_grad=True)
W = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]], requires_grad=True)
labels = torch.tensor([0, 2])
second_order = True
L = linear_cross_entropy(h, W, labels, options=torch.nn.LinearCrossEntropyOptions())
dL_dh = torch.autograd.grad(L, h, create_graph=second_order)[0]
P = dL_dh.pow(2).sum()
dT_dW = torch.autograd.grad(L + P, W)[0]
#! RuntimeError: linear_cross_entropy chunked backward called twice; retain_graph=True /
#!   double backward are not supported.
