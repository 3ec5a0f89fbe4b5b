from itertools import product

import torch

torch.manual_seed(0)
x = torch.randn(2, dtype=torch.float64, requires_grad=True)
W = torch.randn(3, 2, dtype=torch.float64, requires_grad=True)
v = torch.randn(3, dtype=torch.float64)
masks = [2.0 * torch.tensor(m).double() for m in product((0, 1), repeat=3)]


def u(mask):
    return v @ (mask * torch.tanh(W @ x))


def gradient(mask, other):
    g = torch.autograd.grad(u(other), x, create_graph=True)[0]
    total = u(mask).pow(2) + g.pow(2).sum()
    return torch.autograd.grad(total, W)[0]


shared = torch.stack([gradient(m, m) for m in masks]).mean(0)
pairs = [gradient(m, other) for m in masks for other in masks]
independent = torch.stack(pairs).mean(0)
equal = torch.allclose(shared, independent)
print(len(masks), "masks,", len(pairs), "pairs: the same mean:", equal)
#> 8 masks, 64 pairs: the same mean: True
