# uses: guides/checker/lostgrad.py
import torch
from lostgrad import check


class Swish(torch.autograd.Function):  # x * sigmoid(x)
    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        ctx.save_for_backward(x, s)  # s is a constant in backward
        return x * s

    @staticmethod
    def backward(ctx, outer):
        x, s = ctx.saved_tensors
        return outer * (s + x * s * (1 - s))


torch.manual_seed(0)
net = torch.nn.ModuleDict(
    {"first": torch.nn.Linear(3, 16), "last": torch.nn.Linear(16, 1)}
)
x = torch.randn(8, 3, requires_grad=True)


def loss_fn():
    y = net["last"](Swish.apply(net["first"](x)))
    g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
    return y.pow(2).mean() + 1e-4 * g.pow(2).sum()


print(check(loss_fn, net.parameters()))
#> lostgrad: WRONG
#>   the loss: unsure
#>     autograd -0.5265, differences -0.5265, off by 0.00016 %
#>     (so little may be the error of the differences)
#>   summand 2: WRONG
#>     autograd -1.555, differences -1.564, off by 0.55 %
#>   hidden.py:28: inner gradient: WRONG
#>     autograd -0.0001555, differences -0.0001564, off by 0.55 %
#>   4 slopes agree with differences, to 1e-06 or better
#>   off along: first.bias, first.weight
