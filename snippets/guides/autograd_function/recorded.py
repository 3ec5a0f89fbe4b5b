import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        with torch.enable_grad():
            e = x.exp()
        ctx.save_for_backward(x, e)
        return x * e

    @staticmethod
    def backward(ctx, outer):
        x, e = ctx.saved_tensors
        return outer * (1 + x) * e


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = torch.autograd.grad(XExp.apply(x), x, create_graph=True)[0]
second = round(torch.autograd.grad(first, x)[0].item(), 4)
print("second derivative:", second)
#> second derivative: 4.1218
