import torch


class Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.tanh()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, outer):
        (y,) = ctx.saved_tensors
        return outer * (1 - y**2)


x = torch.tensor(0.8, dtype=torch.float64, requires_grad=True)
y = Tanh.apply(x)
slope = torch.autograd.grad(y, x, create_graph=True)[0]
print("slope requires grad:", slope.requires_grad)
#> slope requires grad: True
dL_dx = round(torch.autograd.grad(y + slope, x)[0].item(), 4)
print("dL_dx:", dL_dx)
#> dL_dx: -0.1834
