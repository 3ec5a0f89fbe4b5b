"""A Laplace approximation: its evidence with respect to the prior, its prediction to the input."""

import torch
from laplace import Laplace

from measured.libraries.inside import twice

net = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
x, y = torch.randn(6, 2), torch.randn(6, 1)
data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=6)
prior, noise = torch.tensor(0.3), torch.tensor(-0.5)
at = torch.randn(2, 2)


def fitted(structure, **options):
    found = Laplace(
        net, "regression", subset_of_weights="all", hessian_structure=structure, **options
    )
    found.fit(data)
    return found


for structure in ("full", "diag", "kron"):
    posterior = fitted(structure)
    twice(
        f"log_marginal_likelihood, {structure}",
        lambda p=posterior: p.log_marginal_likelihood(prior.exp(), noise.exp()),
        [prior, noise],
    )
    twice(f"prediction at inputs, {structure}", lambda p=posterior: p(at), [at])
full = fitted("full", enable_backprop=True)
twice("prediction at inputs, enable_backprop=True", lambda: full(at), [at])
