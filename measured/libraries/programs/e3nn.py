"""Spherical harmonics, tensor products and gates, with respect to vectors and weights."""

import torch
from e3nn import nn, o3

from measured.libraries.inside import once, twice

vectors = torch.randn(4, 3)
features = torch.randn(4, 4)
product = o3.FullyConnectedTensorProduct("1x0e+1x1o", "1x0e+1x1o+1x2e", "1x0e+1x1o")
gate = nn.Gate("2x0e", [torch.tanh], "1x0e", [torch.sigmoid], "1x1o")
linear = o3.Linear("1x0e+1x1o", gate.irreps_in)


def harmonics(**options):
    return o3.spherical_harmonics("0e+1o+2e", vectors, **options)


def model():
    return gate(linear(product(features, harmonics(normalize=True))))


def forces():
    vectors.requires_grad_()
    return torch.autograd.grad(model().pow(2).sum(), vectors, create_graph=True)[0]


for normalize in (True, False):
    twice(
        f"spherical_harmonics, normalize={normalize}",
        lambda n=normalize: harmonics(normalize=n),
        [vectors],
    )
twice(
    "FullyConnectedTensorProduct",
    lambda: product(features, harmonics(normalize=True)),
    [vectors, features, *product.parameters()],
)
once(
    "forces of a product and a gate",
    forces,
    [vectors, features, *product.parameters(), *linear.parameters()],
)
twice(
    "soft_one_hot_linspace",
    lambda: __import__("e3nn.math").math.soft_one_hot_linspace(
        vectors.norm(dim=1), 0.0, 4.0, 5, basis="smooth_finite", cutoff=True
    ),
    [vectors],
)
