import torch


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * torch.sigmoid(x)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        # --8<-- [mark]
        s = torch.sigmoid(x)
        return outer * (s + x * s * (1 - s))


x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
slope = torch.autograd.grad(Swish.apply(x), x, create_graph=True)[0]
second = round(torch.autograd.grad(slope, x)[0].item(), 4)
print("slope:", round(slope.item(), 4), "second:", second)
#> slope: 0.9277 second: 0.3024
