import torch


class Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, outer):
        if torch.is_grad_enabled():
            raise RuntimeError("Once has no second derivative")
        (x,) = ctx.saved_tensors
        return 2 * x * outer


x = torch.tensor(0.5, requires_grad=True)
torch.autograd.grad(Once.apply(x), x, create_graph=True)
#! RuntimeError: Once has no second derivative
