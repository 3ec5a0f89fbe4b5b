"""Acquisition functions and a posterior, with respect to candidates."""

import torch
from botorch.acquisition import (
    LogExpectedImprovement,
    UpperConfidenceBound,
    qLogExpectedImprovement,
)
from botorch.models import SingleTaskGP
from botorch.sampling import SobolQMCNormalSampler

from measured.libraries.inside import twice

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
