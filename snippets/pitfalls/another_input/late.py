# right: pitfalls/another_input/not_copied.py
import torch

w = torch.tensor(2.0, requires_grad=True)
x = torch.tensor(3.0)
y = w * x**2
x.requires_grad_()
torch.autograd.grad(y, x)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
