import torch
from torch.func import grad


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x**3

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * grad_output


def penalty(x):
    slope = grad(lambda x: Cube.apply(x).sum())(x)
    return (slope**2).sum()


x = torch.tensor([1.0, 2.0])
step = torch.compile(grad(penalty), backend="aot_eager", fullgraph=True)
gradient = step(x).tolist()
print(gradient)
#> [36.0, 288.0]
