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


def smooth_batch_norm(self, h):
    fused = nn.modules.batchnorm._BatchNorm.forward
    if not self.training and self.running_mean is not None:
        return fused(self, h)
    fused(self, h.detach())  # updates the running statistics
    h = normalized(h, (0, *range(2, h.dim())), self.eps)
    if not self.affine:
        return h
    shape = 1, -1, *[1] * (h.dim() - 2)
    return h * self.weight.reshape(shape) + self.bias.reshape(shape)


class SmoothBatchNorm1d(nn.BatchNorm1d):
    forward = smooth_batch_norm


class SmoothBatchNorm2d(nn.BatchNorm2d):
    forward = smooth_batch_norm


SMOOTH = {
    nn.LayerNorm: SmoothLayerNorm,
    nn.BatchNorm1d: SmoothBatchNorm1d,
    nn.BatchNorm2d: SmoothBatchNorm2d,
}


def smooth(net):
    for module in net.modules():
        if type(module) in SMOOTH:
            module.__class__ = SMOOTH[type(module)]


# --8<-- [end:layers]


# --8<-- [start:loss]
def loss(net, x):
    smooth(net)
    x = x.detach().requires_grad_()
    u = net(x)
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    # --8<-- [mark]
    u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
    return (u_xx - 1).pow(2).mean() + 0.001 * u.pow(2).mean()


# --8<-- [end:loss]
