import torch
from torch.func import functional_call
from torch.nn.functional import mse_loss


def unrolled(net, x, y):
    named = dict(net.named_parameters())
    fast = {n: p.clone() for n, p in named.items() if p.requires_grad}
    optimizer = torch.optim.SGD(
        fast.values(),
        lr=0.1,
        momentum=0.9,
        differentiable=True,
    )
    for p in fast.values():
        zeros = torch.zeros_like(p)
        optimizer.state[p]["momentum_buffer"] = zeros
    for _ in range(3):
        used = {n: p.clone() for n, p in fast.items()}
        loss = mse_loss(functional_call(net, used, (x,)), y)
        grads = torch.autograd.grad(
            loss,
            list(fast.values()),
            create_graph=True,
        )
        for p, g in zip(fast.values(), grads):
            p.grad = g
        optimizer.step()
    return mse_loss(functional_call(net, fast, (x,)), y)
