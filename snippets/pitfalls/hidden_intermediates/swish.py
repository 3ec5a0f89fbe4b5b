# wrong: second is 0.1966, the second derivative is 0.3024
# right: pitfalls/hidden_intermediates/recomputed.py
import torch


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        # --8<-- [mark]
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, outer):
        x, s = ctx.saved_tensors
        return outer * (s + x * s * (1 - s))


x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
slope = torch.autograd.grad(Swish.apply(x), x, create_graph=True)[0]
second = round(torch.autograd.grad(slope, x)[0].item(), 4)
print("slope:", round(slope.item(), 4), "second:", second)
#> slope: 0.9277 second: 0.1966
