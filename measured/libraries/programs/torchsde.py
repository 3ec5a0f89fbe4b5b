"""The end of a path, with a fixed Brownian motion, with respect to its start and the weights."""

import torch
from torchsde import BrownianInterval, sdeint, sdeint_adjoint

from measured.libraries.inside import twice

drift = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 2))
start = torch.tensor([[0.3, -0.5]])
times = torch.tensor([0.0, 0.5])


class Sde(torch.nn.Module):
    noise_type, sde_type = "diagonal", "stratonovich"

    def __init__(self):
        super().__init__()
        self.drift = drift

    def f(self, t, y):
        return self.drift(y)

    def g(self, t, y):
        return 0.3 * torch.sin(y)


def end(solve, dt):
    noise = BrownianInterval(0.0, 0.5, size=(1, 2), dtype=torch.float64, entropy=1)
    return solve(Sde(), start, times, bm=noise, dt=dt, method="midpoint")[-1]


tensors = [start, *drift.parameters()]
twice("sdeint", lambda: end(sdeint, 0.05), tensors)
twice("sdeint_adjoint, steps of 0.05", lambda: end(sdeint_adjoint, 0.05), tensors)
twice("sdeint_adjoint, steps of 0.0025", lambda: end(sdeint_adjoint, 0.0025), [start])
