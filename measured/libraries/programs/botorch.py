"""Acquisition functions and a posterior, with respect to candidates."""

import torch
from botorch.acquisition import (
    LogExpectedImprovement,
    UpperConfidenceBound,
    qLogExpectedImprovement,
)
from botorch.models import SingleTaskGP
from botorch.sampling import SobolQMCNormalSampler

from measured.libraries.inside import same, twice

x = torch.rand(6, 2)
y = torch.sin(3 * x.sum(1, keepdim=True))
model = SingleTaskGP(x, y).eval()
best = y.max()
at = torch.rand(2, 1, 2)
twice("posterior mean", lambda: model.posterior(at).mean, [at])
twice("posterior variance", lambda: model.posterior(at).variance, [at])
twice("UpperConfidenceBound", lambda: UpperConfidenceBound(model, beta=2.0)(at), [at])
twice("LogExpectedImprovement", lambda: LogExpectedImprovement(model, best)(at), [at])
sampler = SobolQMCNormalSampler(torch.Size([16]), seed=1)
batch = torch.rand(1, 2, 2)
many = qLogExpectedImprovement(model, best, sampler=sampler)
# Scaled, since a sine of large gradients is no good for a difference.
twice("qLogExpectedImprovement, one candidate", lambda: 0.02 * many(at), [at])
twice("qLogExpectedImprovement, two candidates", lambda: 0.02 * many(batch), [batch])
twice("the sampler, two candidates", lambda: sampler(model.posterior(batch)), [batch])
noise = torch.randn(16, 2, 1)


def samples():
    """What the sampler draws, written with PyTorch's own factorization."""
    posterior = model.posterior(batch)
    root = torch.linalg.cholesky(posterior.distribution.covariance_matrix)
    return posterior.mean + root @ noise


twice("samples by torch.linalg.cholesky", samples, [batch])


def differences(function, point):
    """The Hessian of a number at a point, by differences of its gradient."""
    slope = torch.autograd.functional.jacobian
    moves = 1e-4 * torch.eye(len(point))
    return torch.stack(
        [(slope(function, point + m) - slope(function, point - m)) / 2e-4 for m in moves]
    )


point, acquisition = torch.rand(2), LogExpectedImprovement(model, best)
values = {
    "LogExpectedImprovement": lambda p: acquisition(p.view(1, 1, -1)).squeeze(),
    "posterior mean": lambda p: model.posterior(p.view(1, -1)).mean.squeeze(),
    "posterior variance": lambda p: model.posterior(p.view(1, -1)).variance.squeeze(),
}
for name, value in values.items():
    same(
        f"functional.hessian, {name}",
        lambda f=value: torch.autograd.functional.hessian(f, point),
        lambda f=value: differences(f, point),
    )
fresh = SingleTaskGP(x, y).eval()
same(
    "torch.func.hessian, posterior mean",
    lambda: torch.func.hessian(lambda p: fresh.posterior(p.view(1, -1)).mean.squeeze())(point),
    lambda: differences(values["posterior mean"], point),
)
