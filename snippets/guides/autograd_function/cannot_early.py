import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        if torch.is_grad_enabled():
            raise RuntimeError("XExp has no second derivative")
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()


x = torch.tensor(0.5, requires_grad=True)
print("first:", round(torch.autograd.grad(XExp.apply(x), x)[0].item(), 4))
#> first: 2.4731
torch.func.grad(XExp.apply)(torch.tensor(0.5))
#! RuntimeError: XExp has no second derivative
