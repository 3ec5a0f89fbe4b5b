import torch


class Square(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x**2

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        return 2 * x * outer


def loss(net, x):
    x = x.detach().requires_grad_()
    u = net(Square.apply(x))
    slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    return u.mean() + slope.pow(2).flatten(1).sum(dim=1).mean()
