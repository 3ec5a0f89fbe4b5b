# right: recipes/gradients_as_weights/reweight.py
import torch

x, y = torch.tensor([1.0, 2.0, -1.0]), torch.tensor([1.0, -3.0, -2.0])
w = torch.tensor(0.5, requires_grad=True)
epsilon = torch.zeros(3, requires_grad=True)  # the weights of the samples

loss = (epsilon * (w * x - y).square()).sum()
(g,) = torch.autograd.grad(loss, w)
moved = w - g
V = (moved * 2 - 3).square()  # a trusted sample
(slope,) = torch.autograd.grad(V, epsilon)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the graph.
#!   ...
