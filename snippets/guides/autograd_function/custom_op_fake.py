import torch
import torch._dynamo
from torch.autograd import grad

torch._dynamo.config.trace_autograd_ops = True


@torch.library.custom_op("guide::x_exp", mutates_args=())
def x_exp(x: torch.Tensor) -> torch.Tensor:
    return x * x.exp()


def setup_context(ctx, inputs, output):
    ctx.save_for_backward(*inputs)


def backward(ctx, outer):
    (x,) = ctx.saved_tensors
    return outer * (1 + x) * x.exp()


x_exp.register_autograd(backward, setup_context=setup_context)
# --8<-- [mark]
x_exp.register_fake(torch.empty_like)


@torch.compile(backend="aot_eager", fullgraph=True)
def penalty(x):
    slope = grad(x_exp(x), x, create_graph=True)[0]
    return slope.square()


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
dP_dx = round(grad(penalty(x), x)[0].item(), 4)
print("derivative of the penalty:", dP_dx)
#> derivative of the penalty: 20.3871
