# right: guides/autograd_function/jvp.py
import torch
from torch.func import hessian, jacrev


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


x = torch.tensor([0.5, -1.0], dtype=torch.float64)
H = jacrev(jacrev(lambda x: XExp.apply(x).sum()))(x)
print("reverse twice:", H.numpy().round(4).tolist())
#> reverse twice: [[4.1218, 0.0], [0.0, 0.3679]]
hessian(lambda x: XExp.apply(x).sum())(x)
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
#! NotImplementedError: You must implement the jvp function for custom autograd.Function to
#!   use it with forward mode AD.
