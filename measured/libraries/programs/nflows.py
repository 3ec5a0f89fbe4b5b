"""A flow's log density, with respect to the input and the weights."""

import torch
from nflows import distributions, flows, transforms

from measured.libraries.inside import twice

x = torch.randn(3, 2)
kinds = {
    "MaskedAffineAutoregressiveTransform": transforms.MaskedAffineAutoregressiveTransform(
        2, 4, activation=torch.tanh
    ),
    "MaskedPiecewiseRationalQuadraticAutoregressiveTransform": (
        transforms.MaskedPiecewiseRationalQuadraticAutoregressiveTransform(
            2, 4, num_bins=4, tails="linear", activation=torch.tanh
        )
    ),
    "LULinear": transforms.LULinear(2),
    "SVDLinear": transforms.SVDLinear(2, num_householder=2),
}
for name, transform in kinds.items():
    flow = flows.Flow(transform, distributions.StandardNormal([2])).double()
    weights = [p for p in flow.parameters() if p.requires_grad]
    twice(f"{name}, log_prob", lambda f=flow: f.log_prob(x), [x, *weights])
