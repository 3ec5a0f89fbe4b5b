import warnings

import torch
from torch.func import grad, jvp

warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
class Square(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return 2 * x * outer

    @staticmethod
    def jvp(ctx, dx):
        (x,) = ctx.saved_tensors
        return 2 * x * dx


x, one = torch.tensor(3.0), torch.tensor(1.0)
first = grad(lambda x: Square.apply(x) * Square.apply(x))
second = jvp(first, (x,), (one,))[1].item()
print("first:", first(x).item(), "second:", second)
#> first: 108.0 second: 108.0
# --8<-- [end:shown]
