# wrong: second is 72.0, the second derivative is 108.0
# right: pitfalls/forward_over_reverse/custom_right.py
import warnings

import torch
from torch.func import jvp

warnings.simplefilter("ignore", DeprecationWarning)
# --8<-- [start:shown]
class Square(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_forward(*inputs)

    @staticmethod
    def jvp(ctx, dx):
        (x,) = ctx.saved_tensors
        return 2 * x * dx


def first(x):
    return jvp(lambda x: Square.apply(x) * Square.apply(x), (x,), (one,))[1]


x, one = torch.tensor(3.0), torch.tensor(1.0)
second = jvp(first, (x,), (one,))[1].item()
print("first:", first(x).item(), "second:", second)
#> first: 108.0 second: 72.0
# --8<-- [end:shown]
