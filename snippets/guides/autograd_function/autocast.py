import torch
from torch.autograd import grad


class Product(torch.autograd.Function):
    @staticmethod
    def forward(x, w):
        return x @ w

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        x, w = ctx.saved_tensors
        return outer @ w.T, x.T @ outer


def product(x, w):
    with torch.autocast("cpu", enabled=False):
        return Product.apply(x.float(), w.float())


x = torch.tensor([[1.0, 2.0]], requires_grad=True)
w = torch.tensor([[2.0, 1.0], [0.0, 3.0]], requires_grad=True)
with torch.autocast("cpu", dtype=torch.bfloat16):
    y = product(x, w)
first = grad(y.pow(2).sum(), x, create_graph=True)[0]
to_w = grad(first.pow(2).sum(), w)[0].tolist()
print(first.tolist(), to_w)
#> [[22.0, 42.0]] [[352.0, 1208.0], [688.0, 2360.0]]
