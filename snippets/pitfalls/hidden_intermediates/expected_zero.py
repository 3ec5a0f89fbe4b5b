import numpy
import torch
from torch.autograd import gradcheck, gradgradcheck


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    def backward(ctx, outer):
        x = ctx.saved_tensors[0].detach().numpy()
        slope = outer.detach().numpy() * numpy.exp(x) * (1 + x)
        return torch.from_numpy(slope)


x = torch.tensor([0.5, 0.8], dtype=torch.float64, requires_grad=True)
print("gradcheck:", gradcheck(XExp.apply, x))
#> gradcheck: True
gradgradcheck(XExp.apply, x)
#! torch.autograd.gradcheck.GradcheckError: Numerical gradient for function
#!   expected to be zero
