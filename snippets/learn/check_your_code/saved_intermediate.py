# wrong: d2y_dx2 is 1.6487, the second derivative is 4.1218
# right: learn/check_your_code/saved_input.py
import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        exp_x = x.exp()
        ctx.save_for_backward(x, exp_x)
        return x * exp_x

    @staticmethod
    def backward(ctx, dL_dy):
        x, exp_x = ctx.saved_tensors
        return dL_dy * (exp_x + x * exp_x)


def slope(x):
    return torch.autograd.grad(XExp.apply(x), x, create_graph=True)[0]


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
dy_dx = slope(x)
print("grad_fn:", dy_dx.grad_fn is not None)
#> grad_fn: True
d2y_dx2 = torch.autograd.grad(dy_dx, x)[0]
print(f"dy_dx: {dy_dx:.4f}, d2y_dx2: {d2y_dx2:.4f}")
#> dy_dx: 2.4731, d2y_dx2: 1.6487
difference = (slope(x + 1e-6) - slope(x - 1e-6)) / 2e-6
print(f"finite difference of dy_dx: {difference:.4f}")
#> finite difference of dy_dx: 4.1218
