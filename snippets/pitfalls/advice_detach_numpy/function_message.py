# right: pitfalls/advice_detach_numpy/function_right.py
import scipy.special
import torch


class BesselJ0(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.from_numpy(scipy.special.j0(x.detach().numpy()))

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return -grad * torch.from_numpy(scipy.special.j1(x.numpy()))


x = torch.tensor([1.0], requires_grad=True)
y_x = torch.autograd.grad(BesselJ0.apply(x), x)[0]
print(f"y_x: {y_x.item():.4f}")
#> y_x: -0.4401
y_x = torch.autograd.grad(BesselJ0.apply(x), x, create_graph=True)[0]
#! RuntimeError: Can't call numpy() on Tensor that requires grad. Use
#!   tensor.detach().numpy() instead.
