# right: pitfalls/differentiable_optimizers/momentum_right.py
import torch

t = torch.tensor([1.0], requires_grad=True)
optimizer = torch.optim.SGD([t], lr=0.1, differentiable=True)
t.grad = torch.autograd.grad(t.pow(4).sum(), t)[0]
optimizer.step()
#! RuntimeError: a leaf Variable that requires grad is being used in an
#!   in-place operation.
