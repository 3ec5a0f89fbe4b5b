# wrong: second is 1.6487, the derivative is 4.1218
# right: guides/autograd_function/returned.py
import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        e = x.exp()
        ctx.mark_non_differentiable(e)
        ctx.save_for_backward(x, e)
        return x * e, e

    @staticmethod
    def backward(ctx, outer, outer_e):
        x, e = ctx.saved_tensors
        return outer * (1 + x) * e


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
y, _ = XExp.apply(x)
first = torch.autograd.grad(y, x, create_graph=True)[0]
second = round(torch.autograd.grad(first, x)[0].item(), 4)
print("second derivative:", second)
#> second derivative: 1.6487
