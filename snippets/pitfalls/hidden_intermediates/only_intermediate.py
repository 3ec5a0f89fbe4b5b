# wrong: dL_dx is 1.0, the derivative is -0.4849
# right: pitfalls/hidden_intermediates/saved_output.py
import torch


class Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.tanh()
        ctx.slope = 1 - y**2  # computed where autograd does not look
        return y

    @staticmethod
    def backward(ctx, outer):
        return outer * ctx.slope


x = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
slope = torch.autograd.grad(Tanh.apply(x), x, create_graph=True)[0]
print("slope requires grad:", slope.requires_grad)
#> slope requires grad: False
dL_dx = round(torch.autograd.grad(x + 2 * slope, x)[0].item(), 4)
print("dL_dx:", dL_dx)
#> dL_dx: 1.0
