# right: guides/autograd_function/setup_context.py
import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()


torch.func.vmap(torch.func.grad(XExp.apply))(torch.tensor([0.5, -1.0]))
#! RuntimeError: You tried to vmap over XExp, but it does not have vmap support. Please
#!   override and implement the vmap staticmethod or set generate_vmap_rule=True. For more
#!   details, please see https://pytorch.org/docs/main/notes/extending.func.html
