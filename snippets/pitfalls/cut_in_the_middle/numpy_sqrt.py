# right: pitfalls/cut_in_the_middle/sqrt.py
import numpy
import torch

a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
d = (a + numpy.sqrt(dc_da)) * b
#! RuntimeError: Can't call numpy() on Tensor that requires grad. Use
#!   tensor.detach().numpy() instead.
