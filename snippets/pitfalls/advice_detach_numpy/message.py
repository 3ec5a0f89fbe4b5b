# right: pitfalls/advice_detach_numpy/right.py
import numpy
import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
loss = (w**2).sum() / 2
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
length = numpy.linalg.norm(grad.numpy())
#! RuntimeError: Can't call numpy() on Tensor that requires grad. Use
#!   tensor.detach().numpy() instead.
