import torch
from torch.autograd import gradcheck
from torch.func import hessian


class XExp(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()

    @staticmethod
    def jvp(ctx, tangent):
        (x,) = ctx.saved_tensors
        return tangent * (1 + x) * x.exp()


x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
print("gradcheck:", gradcheck(XExp.apply, x, check_forward_ad=True))
#> gradcheck: True
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
H = hessian(lambda x: XExp.apply(x).sum())(x.detach())
print("Hessian:", H.numpy().round(4).tolist())
#> Hessian: [[4.1218, 0.0], [0.0, 0.3679]]
