# wrong: second is 0.1966, the second derivative is 0.3024
# right: pitfalls/hidden_intermediates/returned.py
import torch


class SwishAndSigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        # --8<-- [mark]
        ctx.mark_non_differentiable(s)
        ctx.save_for_backward(x, s)
        return x * s, s

    @staticmethod
    def backward(ctx, outer, outer_s):
        x, s = ctx.saved_tensors
        return outer * (s + x * s * (1 - s)) + outer_s * s * (1 - s)


def swish(x):
    return SwishAndSigmoid.apply(x)[0]


x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
slope = torch.autograd.grad(swish(x), x, create_graph=True)[0]
second = round(torch.autograd.grad(slope, x)[0].item(), 4)
print("second:", second)
#> second: 0.1966
