# right: guides/autograd_function/autocast.py
import torch


class Product(torch.autograd.Function):
    @staticmethod
    def forward(x, w):
        return x @ w

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        x, w = ctx.saved_tensors
        return outer @ w.T, x.T @ outer


x = torch.ones(1, 2, requires_grad=True)
w = torch.eye(2)
with torch.autocast("cpu", dtype=torch.bfloat16):
    y = Product.apply(x, w)
print(y.dtype)
#> torch.bfloat16
torch.autograd.grad(y.sum(), x)
#! RuntimeError: expected m1 and m2 to have the same dtype, but got: c10::BFloat16 != float
