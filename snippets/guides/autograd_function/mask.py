import torch
from torch.autograd import gradcheck, gradgradcheck


class SquaredRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        positive = x > 0
        ctx.save_for_backward(x, positive)
        return torch.where(positive, x**2, 0)

    @staticmethod
    def backward(ctx, outer):
        x, positive = ctx.saved_tensors
        return torch.where(positive, 2 * x * outer, 0)


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print(gradcheck(SquaredRelu.apply, x), gradgradcheck(SquaredRelu.apply, x))
#> True True
