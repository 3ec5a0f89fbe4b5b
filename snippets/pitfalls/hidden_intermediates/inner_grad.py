import torch
from torch.autograd import gradgradcheck


def f(x):
    return x * torch.sigmoid(x)


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return f(x)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        # --8<-- [mark]
        twice = torch.is_grad_enabled()
        with torch.enable_grad():
            y = f(x)
        return torch.autograd.grad(y, x, outer, create_graph=twice)[0]


x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
slope = torch.autograd.grad(Swish.apply(x), x, create_graph=True)[0]
second = round(torch.autograd.grad(slope, x)[0].item(), 4)
print("second:", second, "passes:", gradgradcheck(Swish.apply, x))
#> second: 0.3024 passes: True
