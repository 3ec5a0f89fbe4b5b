"""A log density, an ELBO and a Hamiltonian step, with respect to parameters and latents."""

import pyro
import pyro.distributions as dist
import torch
from pyro.infer import Trace_ELBO, TraceMeanField_ELBO
from pyro.ops.integrator import velocity_verlet

from measured.libraries.inside import once, twice

data = torch.randn(5)
place, scale = torch.tensor(0.3), torch.tensor(-0.4)


def model():
    z = pyro.sample("z", dist.Normal(0.0, 1.0))
    with pyro.plate("data", 5):
        pyro.sample("x", dist.StudentT(4.0, z, 1.0), obs=data)


def guide():
    pyro.sample("z", dist.Normal(place, scale.exp()))


def elbo(kind):
    pyro.set_rng_seed(0)
    return kind().differentiable_loss(model, guide)


for kind in (Trace_ELBO, TraceMeanField_ELBO):
    twice(f"{kind.__name__}.differentiable_loss", lambda k=kind: elbo(k), [place, scale])
z = torch.tensor(0.2)


def joint():
    fixed = pyro.condition(model, {"z": z})
    return pyro.poutine.trace(fixed).get_trace().log_prob_sum()


twice("log_prob_sum of a trace", joint, [z])


def potential(where):
    return (where["q"] ** 4).sum()


def step():
    q, *_ = velocity_verlet(
        {"q": place}, {"q": scale}, potential, lambda r: dict(r), 0.1, num_steps=3
    )
    return q["q"]


once("velocity_verlet", step, [place, scale])
a, b = torch.tensor([1.5, 2.0]), torch.tensor([0.7, 1.2])
for name, law in (("Gamma", dist.Gamma), ("Beta", dist.Beta)):
    twice(f"{name}.log_prob", lambda f=law: f(a, b).log_prob(torch.tensor(0.4)), [a, b])


def drawn(law, *parameters):
    torch.manual_seed(0)
    return law(*parameters).rsample()


twice("Normal.rsample", lambda: drawn(dist.Normal, a, b), [a, b])
