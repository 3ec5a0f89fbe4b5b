# uses: guides/checker/lostgrad.py
# --8<-- [start:claim]
import torch
from lostgrad import check


class Claim(torch.autograd.Function):
    @staticmethod
    def forward(ctx, value, gradient, *params):
        ctx.save_for_backward(*gradient)
        return value.detach().clone()

    @staticmethod
    def backward(ctx, outer):
        return None, None, *(outer * g for g in ctx.saved_tensors)


def claim(function, derivative, params):
    def loss_fn():
        return Claim.apply(function(*params), derivative(*params), *params)

    return loss_fn


x = torch.tensor([0.3, 0.7], requires_grad=True)
right = claim(lambda x: x.sin().sum(), lambda x: [x.cos()], [x])
print(check(right, [x]).ok)
#> True
wrong = claim(lambda x: x.sin().sum(), lambda x: [1 - x**2 / 2], [x])
print(check(wrong, [x]))
#> lostgrad: WRONG
#>   the loss: WRONG
#>     autograd 1.205, differences 1.21, off by 0.43 %
#>   off along: parameter 0
# --8<-- [end:claim]
