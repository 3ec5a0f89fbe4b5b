# right: pitfalls/unused_input/slice_right.py
import torch

xt = torch.tensor([[1.0, 2.0]], requires_grad=True)
u = xt[:, 0] * xt[:, 1] ** 2
t = xt[:, 1]
u_t = torch.autograd.grad(u.sum(), t)[0]
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
