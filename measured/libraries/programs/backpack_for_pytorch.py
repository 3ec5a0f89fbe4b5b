"""Curvature by BackPACK against differences, and its quantities differentiated again."""

import torch
from backpack import backpack, extend, extensions
from backpack.hessianfree.hvp import hessian_vector_product

from measured.libraries.inside import hvp, once, same

net = extend(torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2)))
loss_of = extend(torch.nn.CrossEntropyLoss())
x, y = torch.randn(5, 3), torch.randint(2, (5,))
weights = list(net.parameters())


def gradient():
    return torch.autograd.grad(loss_of(net(x), y), weights)


def diagonal(extension, name):
    with backpack(extension()):
        loss_of(net(x), y).backward()
    return torch.cat([getattr(p, name).flatten() for p in weights])


def true_diagonal():
    found = []
    for index, weight in enumerate(weights):
        for place in range(weight.numel()):
            unit = [torch.zeros_like(w) for w in weights]
            unit[index].view(-1)[place] = 1
            found.append(hvp(gradient, weights, unit)[index].view(-1)[place])
    return torch.stack(found)


same("DiagHessian", lambda: diagonal(extensions.DiagHessian, "diag_h"), true_diagonal)
same(
    "DiagGGNExact, as a Hessian",
    lambda: diagonal(extensions.DiagGGNExact, "diag_ggn_exact"),
    true_diagonal,
)
ones = [torch.ones_like(w) for w in weights]


def product():
    loss = loss_of(net(x), y)
    return torch.cat([p.flatten() for p in hessian_vector_product(loss, weights, ones)])


same(
    "hessian_vector_product",
    product,
    lambda: torch.cat([p.flatten() for p in hvp(gradient, weights, ones)]),
)


def of_samples(extension, name):
    with backpack(extension()):
        loss_of(net(x), y).backward(create_graph=True)
    found = [getattr(p, name) for p in weights]
    for p in weights:
        p.grad = None
    return found


for extension, name in (
    ("BatchGrad", "grad_batch"),
    ("Variance", "variance"),
    ("DiagHessian", "diag_h"),
):
    once(
        f"{extension}, differentiated again",
        lambda e=extension, n=name: of_samples(getattr(extensions, e), n),
        weights,
    )
