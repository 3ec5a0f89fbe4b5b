import torch
from torch.autograd import gradcheck, gradgradcheck

computed = []


class Scale(torch.autograd.Function):  # y = w e^x
    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return w * x.exp()

    @staticmethod
    def backward(ctx, outer):
        x, w = ctx.saved_tensors
        to_x = to_w = None
        if ctx.needs_input_grad[0]:
            computed.append("x")
            to_x = outer * w * x.exp()
        if ctx.needs_input_grad[1]:
            computed.append("w")
            to_w = outer * x.exp()
        return to_x, to_w


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
w = torch.tensor([2.0, 3.0], dtype=torch.float64)
g = torch.autograd.grad(Scale.apply(x, w).sum(), x)[0]
print("computed:", computed)
#> computed: ['x']
w.requires_grad_()
print(gradcheck(Scale.apply, (x, w)), gradgradcheck(Scale.apply, (x, w)))
#> True True
