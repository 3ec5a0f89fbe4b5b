import torch
from torch.autograd import gradcheck, gradgradcheck


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        exp_x = x.exp()
        ctx.save_for_backward(x, exp_x)
        return x * exp_x

    @staticmethod
    def backward(ctx, dL_dy):
        x, exp_x = ctx.saved_tensors
        return dL_dy * (exp_x + x * exp_x)


# --8<-- [start:check]
x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
print("gradcheck:", gradcheck(XExp.apply, x))
#> gradcheck: True
gradgradcheck(XExp.apply, x)
#! torch.autograd.gradcheck.GradcheckError: Jacobian mismatch for output 0 with respect
#!   to input 0, numerical:tensor(...) analytical:tensor(...)
# --8<-- [end:check]
