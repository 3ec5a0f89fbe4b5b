# wrong: second_of_square is 6.7957, the derivative is 19.028
# right: guides/autograd_function/backward_function.py
import torch
from torch.autograd import grad


class XExpBackward(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, outer):
        ctx.save_for_backward(x, outer)
        return outer * (1 + x) * x.exp()

    @staticmethod
    def backward(ctx, outer_2):
        x, outer = ctx.saved_tensors
        return outer_2 * outer * (2 + x) * x.exp(), None  # forgets the derivative by outer


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    def backward(ctx, outer):
        return XExpBackward.apply(*ctx.saved_tensors, outer)


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = grad(XExp.apply(x) ** 2, x, create_graph=True)[0]
second_of_square = round(grad(first, x)[0].item(), 4)
print("second derivative of the square:", second_of_square)
#> second derivative of the square: 6.7957
