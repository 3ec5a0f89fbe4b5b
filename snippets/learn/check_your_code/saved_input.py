import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    def backward(ctx, dL_dy):
        (x,) = ctx.saved_tensors
        return dL_dy * (x.exp() + x * x.exp())


def slope(x):
    return torch.autograd.grad(
        XExp.apply(x), x, create_graph=True
    )[0]


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
dy_dx = slope(x)
print("grad_fn:", dy_dx.grad_fn is not None)
#> grad_fn: True
d2y_dx2 = torch.autograd.grad(dy_dx, x)[0]
print(f"dy_dx: {dy_dx:.4f}, d2y_dx2: {d2y_dx2:.4f}")
#> dy_dx: 2.4731, d2y_dx2: 4.1218
difference = (slope(x + 1e-6) - slope(x - 1e-6)) / 2e-6
print(f"finite difference of dy_dx: {difference:.4f}")
#> finite difference of dy_dx: 4.1218
