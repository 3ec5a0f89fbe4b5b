import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**2

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return 2 * x * outer


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
y = Square.apply(x).exp()
slope = torch.autograd.grad(y, x, create_graph=True)[0]
dL_dx = round(torch.autograd.grad(y + slope, x)[0].item(), 4)
print("dL_dx:", dL_dx)
#> dL_dx: 5.1361
