import torch


def jacobian_penalty(net, x, y):
    x = x.detach().requires_grad_()
    h = net(x)
    units = torch.eye(h[0].numel(), dtype=h.dtype, device=h.device)
    units = units.view(-1, 1, *h.shape[1:]).expand(-1, *h.shape)
    J = torch.autograd.grad(
        h,
        x,
        units,
        is_grads_batched=True,
        create_graph=True,
    )[0]
    return ((h - y) ** 2).mean() + J.pow(2).sum() / len(x)


def random_projection(net, x, y):
    x = x.detach().requires_grad_()
    h = net(x)
    signs = torch.randn_like(h).sign()
    Jv = torch.autograd.grad(h, x, signs, create_graph=True)[0]
    return ((h - y) ** 2).mean() + Jv.pow(2).sum() / len(x)
