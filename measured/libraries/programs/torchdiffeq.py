"""The end of a trajectory, with respect to its start, and to the weights of the field."""

import torch
from torchdiffeq import odeint, odeint_adjoint

from measured.libraries.inside import once, twice

field = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
start = torch.tensor([0.3, -0.5])
times = torch.linspace(0, 1, 2)
precise = {"rtol": 1e-10, "atol": 1e-12}


class Field(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.net = field

    def forward(self, t, y):
        return self.net(y)


class Energy(torch.nn.Module):
    """A field that is itself a gradient, as in a Hamiltonian network."""

    def __init__(self):
        super().__init__()
        self.net = field

    def forward(self, t, y):
        with torch.enable_grad():
            y = y if y.requires_grad else y.detach().requires_grad_()
            return -torch.autograd.grad(self.net(y).sum(), y, create_graph=True)[0]


tensors = [start, *field.parameters()]
fixed = {"method": "rk4", "options": {"step_size": 0.1}}
twice("odeint", lambda: odeint(Field(), start, times, **precise)[-1], tensors)
twice("odeint, fixed steps", lambda: odeint(Field(), start, times, **fixed)[-1], tensors)
twice("odeint_adjoint", lambda: odeint_adjoint(Field(), start, times, **precise)[-1], tensors)
once("odeint of a gradient", lambda: odeint(Energy(), start, times, **precise)[-1], tensors[:-1])
once(
    "odeint_adjoint of a gradient",
    lambda: odeint_adjoint(Energy(), start, times, **precise)[-1],
    tensors[:-1],
)
