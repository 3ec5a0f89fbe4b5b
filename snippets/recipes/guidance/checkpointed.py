# right: recipes/guidance/checkpointed_right.py
import torch
from torch import nn


class CheckpointFunction(torch.autograd.Function):  # as in guided-diffusion
    @staticmethod
    def forward(ctx, function, params, x):
        ctx.function, ctx.params = function, params
        ctx.save_for_backward(x)
        with torch.no_grad():
            return function(x)

    @staticmethod
    def backward(ctx, outer):
        x = ctx.saved_tensors[0].detach().requires_grad_()
        with torch.enable_grad():
            y = ctx.function(x.view_as(x))
        found = torch.autograd.grad(y, [x, *ctx.params], outer)
        return None, None, found[0]


block = nn.Sequential(nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 2))
block.requires_grad_(False)
x = torch.randn(4, 2, requires_grad=True)
y = CheckpointFunction.apply(block, list(block.parameters()), x)
g = torch.autograd.grad(y.pow(2).sum(), x)
#! RuntimeError: One of the differentiated Tensors does not require grad
