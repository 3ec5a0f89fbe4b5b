import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, outer):
        if torch.is_grad_enabled():
            raise RuntimeError("Square can be differentiated only once")
        (x,) = ctx.saved_tensors
        return 2 * x * outer


x = torch.tensor(0.5, requires_grad=True)
print("once:", torch.autograd.grad(Square.apply(x), x)[0].item())
#> once: 1.0
torch.autograd.grad(Square.apply(x), x, create_graph=True)
#! RuntimeError: Square can be differentiated only once
