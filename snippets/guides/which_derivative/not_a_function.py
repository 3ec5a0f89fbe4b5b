# right: guides/which_derivative/structures.py
import torch
from torch.autograd import functional

a = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (a**2).sum()
functional.hessian(loss, a)
#! TypeError: 'Tensor' object is not callable
