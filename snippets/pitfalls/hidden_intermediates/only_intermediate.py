# wrong: dL_dx is 0.5591, the derivative is -0.1834
# right: pitfalls/hidden_intermediates/saved_output.py
import torch


class Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.tanh()
        ctx.save_for_backward(1 - y**2)
        return y

    @staticmethod
    def backward(ctx, outer):
        (slope,) = ctx.saved_tensors
        return outer * slope


x = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
y = Tanh.apply(x)
slope = torch.autograd.grad(y, x, create_graph=True)[0]
print("slope requires grad:", slope.requires_grad)
#> slope requires grad: False
dL_dx = round(torch.autograd.grad(y + slope, x)[0].item(), 4)
print("dL_dx:", dL_dx)
#> dL_dx: 0.5591
