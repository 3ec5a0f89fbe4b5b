# wrong: y_xx is 0.3873, the second derivative is -0.1103
# right: pitfalls/cut_in_the_middle/function_right.py
import torch
from scipy.special import j0, j1


class BesselJ0(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.from_numpy(j0(x.detach().numpy()))

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        # --8<-- [mark]
        return -grad * torch.from_numpy(j1(x.detach().numpy()))


x = torch.tensor([1.0], requires_grad=True)
y = BesselJ0.apply(x) ** 2
y_x = torch.autograd.grad(y, x, create_graph=True)[0]
y_xx = torch.autograd.grad(y_x, x)[0].item()
print(f"y_x: {y_x.item():.4f}, y_xx: {y_xx:.4f}")
#> y_x: -0.6735, y_xx: 0.3873
