import torch
from scipy.special import jv


class Bessel(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, order):
        ctx.save_for_backward(x)
        ctx.order = order
        return torch.from_numpy(jv(order, x.detach().numpy()))

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        # --8<-- [mark]
        below = Bessel.apply(x, ctx.order - 1)
        above = Bessel.apply(x, ctx.order + 1)
        return grad * (below - above) / 2, None


x = torch.tensor([1.0], requires_grad=True)
y = Bessel.apply(x, 0) ** 2
y_x = torch.autograd.grad(y, x, create_graph=True)[0]
y_xx = torch.autograd.grad(y_x, x)[0].item()
print(f"y_x: {y_x.item():.4f}, y_xx: {y_xx:.4f}")
#> y_x: -0.6735, y_xx: -0.1103
