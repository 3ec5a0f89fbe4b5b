# wrong: dL_dx is 2.4731, the derivative is 6.5949
# right: pitfalls/hidden_intermediates/torch_backward.py
import numpy
import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x.exp()

    @staticmethod
    def backward(ctx, outer):
        x = ctx.saved_tensors[0].detach().numpy()
        slope = numpy.asarray(numpy.exp(x) * (1 + x))
        # --8<-- [mark]
        return outer * torch.from_numpy(slope)


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
y = XExp.apply(x)
slope = torch.autograd.grad(y, x, create_graph=True)[0]
dL_dx = round(torch.autograd.grad(y + slope, x)[0].item(), 4)
print("slope:", round(slope.item(), 4), "dL_dx:", dL_dx)
#> slope: 2.4731 dL_dx: 2.4731
