import torch
from torch.func import jvp


@torch.library.custom_op("guide::x_exp", mutates_args=())
def x_exp(x: torch.Tensor) -> torch.Tensor:
    return x * x.exp()


def setup_context(ctx, inputs, output):
    ctx.save_for_backward(*inputs)


def backward(ctx, outer):
    (x,) = ctx.saved_tensors
    return outer * (1 + x) * x.exp()


x_exp.register_autograd(backward, setup_context=setup_context)
x, one = torch.tensor(0.5), torch.tensor(1.0)
slope = jvp(lambda x: x * x.exp(), (x,), (one,))[1].item()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
slope_of_op = jvp(x_exp, (x,), (one,))[1].item()
print("slope:", round(slope, 4), "of the operator:", slope_of_op)
#> slope: 2.4731 of the operator: 0.0
torch.func.grad(x_exp)(x)
#! RuntimeError: In order to use an autograd.Function with functorch transforms (vmap, grad,
#!   jvp, jacrev, ...), it must override the setup_context staticmethod. For more details,
#!   please see https://pytorch.org/docs/main/notes/extending.func.html
