# right: guides/autograd_function/custom_op_fake.py
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


@torch.compile(backend="aot_eager", fullgraph=True)
def penalty(x):
    slope = grad(x_exp(x), x, create_graph=True)[0]
    return slope.square()


x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
penalty(x)
#! torch._dynamo.exc.TorchRuntimeError: RuntimeError when making fake tensor call ... got
#!   RuntimeError('There was no fake impl registered for <CustomOpDef(guide::x_exp)>. This is
#!   necessary for torch.compile/export/fx tracing to work. Please use `x_exp.register_fake`
#!   to add an fake impl.') ...
