"""A Gaussian process: likelihood and prediction, with respect to inputs and hyperparameters."""

import gpytorch
import torch

from measured.libraries.inside import once, same, twice

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


def slope_of_mean(detach):
    """The derivative of the predictive mean, as a term of a loss."""
    at.requires_grad_()
    mean = predicted(rbf, "mean", detach)
    return torch.autograd.grad(mean.sum(), at, create_graph=True)[0]


leaves = [at, *list(rbf.parameters())[1:]]
once("slope of the mean in a loss, RBF", lambda: slope_of_mean(True), leaves)
once("slope of the mean, detach_test_caches(False)", lambda: slope_of_mean(False), leaves)
twice(
    "mean at hyperparameters, RBF, detach_test_caches(False), trace_mode(True)",
    lambda: traced(lambda: predicted(rbf, "mean", False)),
    list(rbf.parameters())[1:],
)
derivatives, other = gpytorch.kernels.RBFKernelGrad(), torch.rand(3, 2)
twice(
    "RBFKernelGrad",
    lambda: derivatives(at, other).to_dense(),
    [at, other, *derivatives.parameters()],
)


def of_derivatives():
    """The same covariances, with autograd's derivatives of the kernel."""

    def kernel(left, right):
        return torch.exp(-((left - right) ** 2).sum() / 2 / derivatives.lengthscale[0, 0] ** 2)

    jacobian = torch.func.jacrev
    blocks = [[kernel, jacobian(kernel, 1)], [jacobian(kernel, 0), jacobian(jacobian(kernel, 1))]]
    return [f(left, right) for row in blocks for f in row for left in at for right in other]


twice("the same covariances by torch.func", of_derivatives, [at, other, *derivatives.parameters()])


def mixed():
    """The covariance of two slopes at one point, given as two tensors of equal numbers."""
    left, right = (at[:1].detach().clone().requires_grad_() for _ in range(2))
    slope = torch.autograd.grad(RBF(left, right).to_dense().sum(), left, create_graph=True)[0]
    rows = [torch.autograd.grad(s, right, retain_graph=True)[0] for s in slope[0]]
    return torch.cat(rows)


same(
    "mixed derivative at x1 == x2, RBF",
    mixed,
    lambda: torch.eye(2) / RBF.lengthscale.detach() ** 2,
)
