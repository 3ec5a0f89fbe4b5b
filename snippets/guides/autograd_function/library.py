# right: guides/autograd_function/library_right.py
import torch


class MaskedSoftmax(torch.autograd.Function):  # in the library
    @staticmethod
    def forward(ctx, scores, mask):
        filled = scores.masked_fill(~mask, float("-inf"))
        output = filled.softmax(-1).masked_fill(~mask, 0)
        ctx.save_for_backward(output)
        return output

    @staticmethod
    def backward(ctx, outer):
        (y,) = ctx.saved_tensors
        return y * (outer - (outer * y).sum(-1, keepdim=True)), None


mask = torch.tensor([True, True, False])
scores = torch.tensor([0.5, -1.0, 2.0])
f = lambda scores: (MaskedSoftmax.apply(scores, mask) ** 2).sum()
torch.func.grad(f)(scores)
#! RuntimeError: In order to use an autograd.Function with functorch transforms ...
