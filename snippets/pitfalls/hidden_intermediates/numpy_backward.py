# wrong: dL_dx is 1.0, the derivative is 5.1218
# right: pitfalls/hidden_intermediates/torch_backward.py
import numpy
import torch


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.x = x.detach().numpy()
        return x * x.exp()

    @staticmethod
    def backward(ctx, outer):
        slope = numpy.exp(ctx.x) * (1 + ctx.x)
        return outer * torch.from_numpy(numpy.asarray(slope))


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
slope = torch.autograd.grad(XExp.apply(x), x, create_graph=True)[0]
dL_dx = round(torch.autograd.grad(x + slope, x)[0].item(), 4)
print("slope:", round(slope.item(), 4), "dL_dx:", dL_dx)
#> slope: 2.4731 dL_dx: 1.0
