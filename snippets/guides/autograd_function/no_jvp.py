# right: guides/autograd_function/jvp.py
import torch


class XExp(torch.autograd.Function):
    generate_vmap_rule = True

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


torch.func.jvp(XExp.apply, (torch.tensor(0.5),), (torch.tensor(1.0),))
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
#! NotImplementedError: You must implement the jvp function for custom autograd.Function to
#!   use it with forward mode AD.
