import torch
from torch.autograd import gradcheck, gradgradcheck


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, outer):
        x, s = ctx.saved_tensors
        return outer * (s + x * s * (1 - s))


x = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
print("gradcheck:", gradcheck(Swish.apply, x))
#> gradcheck: True
gradgradcheck(Swish.apply, x, grad_outputs=torch.ones_like(x))
#! torch.autograd.gradcheck.GradcheckError: Jacobian mismatch for output 0
#!   with respect to input 0, numerical:tensor([[0.3024]],
#!   dtype=torch.float64) analytical:tensor([[0.1966]], dtype=torch.float64)
