# right: guides/autograd_function/vmap_of_vjp.py
import numpy
import torch
from torch.autograd import grad


class XExp(torch.autograd.Function):
    @staticmethod
    def forward(x, outer, n):
        return torch.from_numpy(outer.numpy() * numpy.exp(x.numpy()) * (x.numpy() + n))

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, outer, ctx.n = inputs
        ctx.save_for_backward(x, outer)

    @staticmethod
    def backward(ctx, outer_2):
        x, outer = ctx.saved_tensors
        to_x = XExp.apply(x, outer_2 * outer, ctx.n + 1)
        return to_x, XExp.apply(x, outer_2, ctx.n), None

    @staticmethod
    def vmap(info, in_dims, x, outer, n):
        x, outer = (
            t.expand(info.batch_size, *t.shape) if dim is None else t.movedim(dim, 0)
            for t, dim in zip((x, outer), in_dims)
        )
        return XExp.apply(x, outer, n), 0


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
first = grad(XExp.apply(x, torch.ones_like(x), 0).sum(), x, create_graph=True)[0]
grad(first, x, torch.eye(2, dtype=x.dtype), is_grads_batched=True)
#! RuntimeError: Batching rule not implemented for aten::detach; the fallback path doesn't
#!   work on out= or view ops.
