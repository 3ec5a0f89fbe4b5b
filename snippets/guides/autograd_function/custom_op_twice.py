import torch
from torch.autograd import gradgradcheck


@torch.library.custom_op("guide::x_exp", mutates_args=())
def x_exp(x: torch.Tensor) -> torch.Tensor:
    return x * x.exp()


@torch.library.custom_op("guide::x_exp_backward", mutates_args=())
def x_exp_backward(x: torch.Tensor, outer: torch.Tensor) -> torch.Tensor:
    return outer * (1 + x) * x.exp()


def setup_context(ctx, inputs, output):
    ctx.save_for_backward(*inputs)


def backward(ctx, outer):
    return x_exp_backward(*ctx.saved_tensors, outer)


def backward_2(ctx, outer_2):
    x, outer = ctx.saved_tensors
    return outer_2 * outer * (2 + x) * x.exp(), outer_2 * (1 + x) * x.exp()


x_exp.register_autograd(backward, setup_context=setup_context)
x_exp_backward.register_autograd(backward_2, setup_context=setup_context)
x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print("gradgradcheck:", gradgradcheck(x_exp, x))
#> gradgradcheck: True
