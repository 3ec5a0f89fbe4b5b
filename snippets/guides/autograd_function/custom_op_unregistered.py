# right: guides/autograd_function/custom_op_twice.py
import torch


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


x_exp.register_autograd(backward, setup_context=setup_context)
x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
first = torch.autograd.grad(x_exp(x), x, create_graph=True)[0]
print("first:", round(first.item(), 4))
#> first: 2.4731
torch.autograd.grad(first, x)
#! RuntimeError: Trying to backward through guide.x_exp_backward.default but no autograd
#!   formula was registered. Please use register_autograd to add one.
