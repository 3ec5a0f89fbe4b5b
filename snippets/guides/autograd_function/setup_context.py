import torch
from torch.func import grad, vmap


class XExp(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return x * x.exp()

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return outer * (1 + x) * x.exp()


x = torch.tensor([0.5, -1.0], dtype=torch.float64)
second = vmap(grad(grad(XExp.apply)))(x)
print("second derivatives:", second.numpy().round(4))
#> second derivatives: [4.1218 0.3679]
