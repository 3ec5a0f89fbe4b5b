import torch
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint


def chunk_loss(h, W, labels):
    return cross_entropy(h @ W.T, labels, reduction="sum")


def loss(net, x):
    x = x.detach().requires_grad_()
    h, labels = net(x), torch.arange(len(x)) % 3
    W = torch.tensor([[1.0], [0.5], [-1.0]], dtype=h.dtype)
    parts = zip(h.split(2), labels.split(2))
    L = sum(
        checkpoint(chunk_loss, a, W, b, use_reentrant=False)
        for a, b in parts
    )
    slope = torch.autograd.grad(L, x, create_graph=True)[0]
    return L + slope.square().sum()
