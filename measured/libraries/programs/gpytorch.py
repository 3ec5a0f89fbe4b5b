"""A Gaussian process: likelihood and prediction, with respect to inputs and hyperparameters."""

import gpytorch
import torch

from measured.libraries.inside import twice

x, y = torch.rand(6, 2), torch.randn(6)
at = torch.rand(3, 2)


class Model(gpytorch.models.ExactGP):
    def __init__(self, kernel):
        super().__init__(x, y, gpytorch.likelihoods.GaussianLikelihood())
        self.mean_module = gpytorch.means.ConstantMean()
        self.covar_module = gpytorch.kernels.ScaleKernel(kernel)

    def forward(self, x):
        return gpytorch.distributions.MultivariateNormal(self.mean_module(x), self.covar_module(x))


def likelihood(model):
    model.train()
    loss = gpytorch.mlls.ExactMarginalLogLikelihood(model.likelihood, model)
    return loss(model(x), y)


def predicted(model, what, detach=True):
    model.train()
    model.eval()  # Forgets what it kept of another prediction.
    with gpytorch.settings.detach_test_caches(detach):
        return getattr(model(at), what)


RBF, Matern = gpytorch.kernels.RBFKernel(), gpytorch.kernels.MaternKernel(2.5)
rbf, matern = Model(RBF), Model(Matern)
twice(
    "RBFKernel, inputs that require a gradient", lambda: RBF(at).to_dense(), [at, *RBF.parameters()]
)
twice("MaternKernel", lambda: Matern(at, x).to_dense(), [at, *Matern.parameters()])
twice("MaternKernel at equal points", lambda: Matern(at).to_dense(), [at])
twice(
    "RBFKernel, its lengthscale, inputs without gradient",
    lambda: RBF(x).to_dense(),
    [RBF.raw_lengthscale],
)


def traced(function):
    """In a setting that keeps kernels from their own backward."""
    with gpytorch.settings.trace_mode(True):
        return function()


twice(
    "RBFKernel, its lengthscale, trace_mode(True)",
    lambda: traced(lambda: RBF(x).to_dense()),
    [RBF.raw_lengthscale],
)
twice(
    "MaternKernel, its lengthscale, inputs without gradient",
    lambda: Matern(x).to_dense(),
    [Matern.raw_lengthscale],
)
twice(
    "likelihood, RBF, trace_mode(True)",
    lambda: traced(lambda: likelihood(rbf)),
    list(rbf.parameters()),
)
for name, model in (("RBF", rbf), ("Matern", matern)):
    hyper = list(model.parameters())
    twice(f"likelihood, {name}", lambda m=model: likelihood(m), hyper)
    for what in ("mean", "variance"):
        twice(f"{what} at inputs, {name}", lambda m=model, w=what: predicted(m, w), [at])
    twice(f"mean at hyperparameters, {name}", lambda m=model: predicted(m, "mean"), hyper[1:])
    twice(
        f"mean at hyperparameters, {name}, detach_test_caches(False)",
        lambda m=model: predicted(m, "mean", False),
        hyper[1:],
    )
