# wrong: second is 1.6487, the derivative is 4.1218
# right: guides/autograd_function/right_twice.py
import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        (x,) = inputs
        ctx.save_for_backward(x, x.exp())

    @staticmethod
    def backward(ctx, outer):
        x, e = ctx.saved_tensors
        return outer * (1 + x) * e


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = torch.autograd.grad(XExp.apply(x), x, create_graph=True)[0]
second = round(torch.autograd.grad(first, x)[0].item(), 4)
print("second derivative:", second)
#> second derivative: 1.6487
