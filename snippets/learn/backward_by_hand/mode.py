import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, dL_dy):
        print("recording:", torch.is_grad_enabled())
        (x,) = ctx.saved_tensors
        return dL_dy * 2 * x


x = torch.tensor(3.0, requires_grad=True)
y = Square.apply(x)
print(torch.autograd.grad(y, x, retain_graph=True)[0])
#> recording: False
#> tensor(6.)
print(torch.autograd.grad(y, x, create_graph=True)[0])
#> recording: True
#> tensor(6., grad_fn=<MulBackward0>)
