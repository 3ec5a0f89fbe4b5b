"""The end of trajectories, with respect to their starts, and to the weights of the field."""

import torch
import torchode

from measured.libraries.inside import twice

field = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2))
start = torch.randn(3, 2)
times = torch.linspace(0, 1, 3).repeat(3, 1)


class Field(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.net = field

    def forward(self, t, y):
        return self.net(y)


def end(kind):
    """The last states, by an adjoint of this name."""
    term = torchode.ODETerm(Field())
    step = torchode.Dopri5(term=term)
    control = torchode.IntegralController(atol=1e-10, rtol=1e-8, term=term)
    terms = () if kind == "AutoDiffAdjoint" else (term,)
    solver = getattr(torchode, kind)(*terms, step, control)
    return solver.solve(torchode.InitialValueProblem(y0=start, t_eval=times)).ys[:, -1]


for kind in ("AutoDiffAdjoint", "BacksolveAdjoint", "JointBacksolveAdjoint"):
    twice(kind, lambda k=kind: end(k), [start, *field.parameters()])
twice("AutoDiffAdjoint, its times", lambda: end("AutoDiffAdjoint"), [times])
