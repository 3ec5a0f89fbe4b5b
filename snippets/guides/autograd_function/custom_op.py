import torch
from torch.autograd import grad


@torch.library.custom_op("guide::x_exp", mutates_args=())
def x_exp(x: torch.Tensor) -> torch.Tensor:
    return x * x.exp()


def setup_context(ctx, inputs, output):
    ctx.save_for_backward(*inputs)


def backward(ctx, outer):
    (x,) = ctx.saved_tensors
    return outer * (1 + x) * x.exp()


x_exp.register_autograd(backward, setup_context=setup_context)
x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = grad(x_exp(x), x, create_graph=True)[0]
second = round(grad(first, x)[0].item(), 4)
print("second derivative:", second)
#> second derivative: 4.1218
