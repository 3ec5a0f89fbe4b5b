import torch
from torch.autograd import gradgradcheck
from torch.func import grad, vjp, vmap


def f(x):
    return x * x.exp()


class Recomputed(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return f(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return vjp(f, x)[1](outer)[0]


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
second = vmap(grad(grad(Recomputed.apply)))(x.detach())
print(gradgradcheck(Recomputed.apply, x), second.numpy().round(4))
#> True [4.1218 0.3679]
