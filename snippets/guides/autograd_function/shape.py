import torch
from torch.autograd import gradcheck, gradgradcheck


class MeanSquare(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.pow(2).mean(dim=0)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * 2 * x / x.shape[1]  # for x.shape[0]


x = torch.tensor([[0.5, -1.0], [2.0, 3.0]], dtype=torch.float64, requires_grad=True)
print(gradcheck(MeanSquare.apply, x), gradgradcheck(MeanSquare.apply, x))
#> True True
x = torch.tensor([[0.5, -1.0]], dtype=torch.float64, requires_grad=True)
print("one row:", gradcheck(MeanSquare.apply, x, raise_exception=False))
#> one row: False
