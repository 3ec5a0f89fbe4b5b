# right: pitfalls/once_differentiable/twice.py
import torch
from torch.autograd.function import once_differentiable


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    @once_differentiable
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return 2 * x * outer


x = torch.tensor(0.5, requires_grad=True)
slope = torch.autograd.grad(Square.apply(x).exp(), x, create_graph=True)[0]
(x + slope).backward()
#! RuntimeError: trying to differentiate twice a function that was marked
#!   with @once_differentiable
