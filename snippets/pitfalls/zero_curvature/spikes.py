import torch


class Smooth(torch.autograd.Function):
    """A step, whose gradient is that of sigmoid(4 v)."""

    @staticmethod
    def forward(ctx, v):
        ctx.save_for_backward(v)  # an input: its graph is there
        return (v > 0).to(v.dtype)

    @staticmethod
    def backward(ctx, g):
        s = torch.sigmoid(4 * ctx.saved_tensors[0])
        return g * 4 * s * (1 - s)


class Box(Smooth):
    """A step, whose gradient is 1 near zero."""

    @staticmethod
    def backward(ctx, g):
        return g * (ctx.saved_tensors[0].abs() < 0.5).to(g.dtype)


def replaced(v):
    """The same as Smooth, without a class, and for torch.func too."""
    s = torch.sigmoid(4 * v)
    return s + ((v > 0).to(v.dtype) - s).detach()


def twice(spike):
    v = torch.tensor(0.3, requires_grad=True)
    first = torch.autograd.grad(spike(v), v, create_graph=True)[0]
    if not first.requires_grad:
        return [first.item(), None]
    second = torch.autograd.grad(first, v)[0]
    return [round(one.item(), 4) for one in (first, second)]


found = {
    "smooth": twice(Smooth.apply),
    "replaced": twice(replaced),
    "box": twice(Box.apply),
}
for name, derivatives in found.items():
    print(f"{name}: {derivatives}")
#> smooth: [0.7116, -1.5286]
#> replaced: [0.7116, -1.5286]
#> box: [1.0, None]
