import torch


class Swish(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * torch.sigmoid(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, outer):
        (x,) = ctx.saved_tensors
        s = torch.sigmoid(x)
        return outer * (s + x * s * (1 - s))


def loss(net, x):
    x = x.detach().requires_grad_()
    u = Swish.apply(net(x))
    slope = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    return u.mean() + slope.pow(2).flatten(1).sum(dim=1).mean()
