# right: pitfalls/once_differentiable/loud.py
import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x**2

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        # --8<-- [mark]
        if torch.is_grad_enabled():
            raise RuntimeError("Square can be differentiated only once")
        (x,) = ctx.saved_tensors
        return 2 * x * outer


torch.func.grad(Square.apply)(torch.tensor(0.5))
#! RuntimeError: Square can be differentiated only once
