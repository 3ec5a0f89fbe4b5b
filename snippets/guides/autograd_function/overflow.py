import torch
from torch.autograd import gradcheck, gradgradcheck


class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.log1p(x.exp())

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * x.exp() / (1 + x.exp())


x = torch.tensor([0.5, 100.0], dtype=torch.float64, requires_grad=True)
print(gradcheck(Softplus.apply, x), gradgradcheck(Softplus.apply, x))
#> True True
x = torch.tensor([0.5, 100.0], requires_grad=True)
y = Softplus.apply(x)
dy_dx = torch.autograd.grad(y.sum(), x)[0]
print("float32:", y.isfinite().tolist(), dy_dx.isfinite().tolist())
#> float32: [True, False] [True, False]
