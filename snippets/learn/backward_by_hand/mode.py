import torch


class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, dL_dy):
        print("recording:", torch.is_grad_enabled())
        return 2 * dL_dy


x = torch.tensor(1.0, requires_grad=True)
y = Double.apply(x)
constant = torch.autograd.grad(y, x, retain_graph=True)[0]
#> recording: False
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
#> recording: True
