"""Spherical harmonics, tensor products and linear layers, with respect to vectors and weights.

Without a GPU its kernels are replaced by PyTorch operations, and these are what is judged.
"""

import cuequivariance
import cuequivariance_torch as equivariant
import torch
from cuequivariance import Irreps

from measured.libraries.inside import once, same, twice

vectors = torch.randn(4, 3)
irreps, edges = Irreps("O3", "2x0e+2x1o"), Irreps("O3", "1x0e+1x1o")
features, sides = torch.randn(4, irreps.dim), torch.randn(4, edges.dim)
layout = {"layout": cuequivariance.ir_mul}
product = equivariant.ChannelWiseTensorProduct(
    irreps, edges, shared_weights=True, internal_weights=True, **layout
)
linear = equivariant.Linear(irreps, irreps, **layout)
harmonics = equivariant.SphericalHarmonics([0, 1, 2], normalize=True)
constant = equivariant.SphericalHarmonics([0], normalize=True)


def forces():
    vectors.requires_grad_()
    return torch.autograd.grad(harmonics(vectors).pow(3).sum(), vectors, create_graph=True)[0]


def curvature(x):
    return torch.func.hessian(lambda x: harmonics(x).pow(3).sum())(x)


twice("SphericalHarmonics([0, 1, 2])", lambda: harmonics(vectors), [vectors])
twice("SphericalHarmonics([0])", lambda: constant(vectors), [vectors])
twice(
    "ChannelWiseTensorProduct",
    lambda: product(features, sides),
    [features, sides, *product.parameters()],
)
twice("Linear", lambda: linear(features), [features, *linear.parameters()])
once("forces of harmonics", forces, [vectors])
same(
    "torch.func.hessian of harmonics",
    lambda: curvature(vectors.detach()),
    lambda: torch.autograd.functional.hessian(
        lambda x: harmonics(x).pow(3).sum(), vectors.detach()
    ),
)
