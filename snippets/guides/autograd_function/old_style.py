# right: guides/autograd_function/setup_context.py
import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()


torch.func.grad(XExp.apply)(torch.tensor(0.5))
#! RuntimeError: In order to use an autograd.Function with functorch transforms (vmap, grad,
#!   jvp, jacrev, ...), it must override the setup_context staticmethod. For more details,
#!   please see https://pytorch.org/docs/main/notes/extending.func.html
