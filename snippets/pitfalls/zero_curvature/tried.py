import torch
from torch import nn


def smooth(net):
    for module in net.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.ReLU | nn.LeakyReLU):
                setattr(module, name, nn.SiLU())


def loss(net, x):
    # --8<-- [mark]
    smooth(net)
    x = x.detach().requires_grad_()
    u = net(x)
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
    return (u_xx - 1).pow(2).mean() + 0.001 * u.pow(2).mean()
