import numpy
import torch
from torch.autograd import grad


@torch.library.custom_op("guide::x_exp_n", mutates_args=())
def x_exp(x: torch.Tensor, n: int) -> torch.Tensor:
    return torch.from_numpy(numpy.asarray(numpy.exp(x.numpy()) * (x.numpy() + n)))


def setup_context(ctx, inputs, output):
    x, ctx.n = inputs
    ctx.save_for_backward(x)


def backward(ctx, outer):
    (x,) = ctx.saved_tensors
    return outer * x_exp(x, ctx.n + 1), None


x_exp.register_autograd(backward, setup_context=setup_context)


@x_exp.register_vmap
def batched(info, in_dims, x, n):
    return x_exp(x, n), in_dims[0]


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
first = grad(torch.vmap(lambda x: x_exp(x, 0))(x).sum(), x, create_graph=True)[0]
H = grad(first, x, torch.eye(2, dtype=x.dtype), is_grads_batched=True)[0]
print("Hessian:", H.numpy().round(4).tolist())
#> Hessian: [[4.1218, 0.0], [0.0, 0.3679]]
