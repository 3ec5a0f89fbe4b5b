import torch
from torch import nn


# --8<-- [start:layers]
def normalized(h, dims, eps):
    centered = h - h.mean(dims, keepdim=True)
    variance = centered.pow(2).mean(dims, keepdim=True)
    return centered * (variance + eps).rsqrt()


class SmoothLayerNorm(nn.LayerNorm):
    def forward(self, h):
        dims = tuple(range(-len(self.normalized_shape), 0))
        h = normalized(h, dims, self.eps)
        h = h if self.weight is None else h * self.weight
        return h if self.bias is None else h + self.bias


class SmoothBatchNorm2d(nn.BatchNorm2d):
    def forward(self, h):
        if not self.training:
            return super().forward(h)
        super().forward(h.detach())  # updates the running statistics
        h = normalized(h, (0, 2, 3), self.eps)
        if not self.affine:
            return h
        return h * self.weight[:, None, None] + self.bias[:, None, None]


def smooth(net):
    for module in net.modules():
        if type(module) is nn.LayerNorm:
            module.__class__ = SmoothLayerNorm
        if type(module) is nn.BatchNorm2d:
            module.__class__ = SmoothBatchNorm2d


# --8<-- [end:layers]


# --8<-- [start:loss]
def loss(net, x):
    smooth(net)
    x = x.detach().requires_grad_()
    u = net(x)
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    # --8<-- [mark]
    u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
    return (u_xx - 1).pow(2).mean() + 0 * u.mean()  # all weights take part


# --8<-- [end:loss]
