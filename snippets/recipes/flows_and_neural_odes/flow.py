# --8<-- [start:divergence]
"""Move points along a velocity field, with the log-density they have."""

from collections.abc import Callable

import torch
from torch import Tensor

# velocity(t, x): a number and points (n, d) go in, (n, d) comes out.
Velocity = Callable[[float, Tensor], Tensor]


def divergence(
    velocity: Velocity, t: float, x: Tensor, probe: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return the velocity at x, (n, d), and its divergence, (n,).

    Each point's velocity must not depend on the other points. The
    divergence is exact, with d backward passes; with a probe (n, d) of
    random signs it is Hutchinson's unbiased estimate, with one (FFJORD,
    Grathwohl et al. 2019, section 3.1). It runs under no_grad too. Raises
    ValueError if the velocity has another shape or does not depend on x.
    """
    training = torch.is_grad_enabled()
    with torch.enable_grad():
        x = x if x.requires_grad else x.detach().requires_grad_()
        v = velocity(t, x)
        if v.shape != x.shape:
            raise ValueError(
                f"a velocity of shape {tuple(v.shape)} for points of shape "
                f"{tuple(x.shape)}"
            )
        if not v.requires_grad:
            raise ValueError(
                "the velocity does not depend on x: it was cut"
            )
        if probe is None:
            units = torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
            probes = [unit.expand_as(x) for unit in units]
        else:
            probes = [probe]
        trace = x.new_zeros(len(x))
        for e in probes:
            (row,) = torch.autograd.grad(
                v, x, e, create_graph=training, retain_graph=True
            )
            trace = trace + (row * e).sum(1)
    return (v, trace) if training else (v.detach(), trace)
# --8<-- [end:divergence]


# --8<-- [start:flow]
def flow(
    velocity: Velocity,
    x: Tensor,
    t0: float = 0.0,
    t1: float = 1.0,
    steps: int = 20,
    probe: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Return x at t1, (n, d), and the change of its log-density, (n,).

    The change is minus the integral of the divergence along the path (Chen
    et al. 2018, theorem 1), by the classical Runge-Kutta method of order
    four. steps is yours to choose: double it, and see that nothing changes.
    The probe is the same in all stages. Raises as divergence does.
    """
    h = (t1 - t0) / steps
    change = x.new_zeros(len(x))
    for step in range(steps):
        t = t0 + step * h
        v1, d1 = divergence(velocity, t, x, probe)
        v2, d2 = divergence(velocity, t + h / 2, x + h / 2 * v1, probe)
        v3, d3 = divergence(velocity, t + h / 2, x + h / 2 * v2, probe)
        v4, d4 = divergence(velocity, t + h, x + h * v3, probe)
        x = x + h / 6 * (v1 + 2 * v2 + 2 * v3 + v4)
        change = change - h / 6 * (d1 + 2 * d2 + 2 * d3 + d4)
    return x, change
# --8<-- [end:flow]


# --8<-- [start:hamiltonian]
def hamiltonian(energy: Callable[[Tensor], Tensor]) -> Velocity:
    """Return the velocity (dH/dp, -dH/dq) of states (n, 2m), q before p.

    energy: (n, 2m) to (n,) or (n, 1), each of its own state (Greydanus,
    Dzamba and Yosinski 2019). The velocity can be trained, and
    differentiated again. Raises ValueError if the energy was cut.
    """

    def velocity(t, x):
        with torch.enable_grad():
            x = x if x.requires_grad else x.detach().requires_grad_()
            H = energy(x)
            if not H.requires_grad:
                raise ValueError(
                    "the energy does not depend on x: it was cut"
                )
            (g,) = torch.autograd.grad(H.sum(), x, create_graph=True)
        dH_dq, dH_dp = g.chunk(2, 1)
        return torch.cat([dH_dp, -dH_dq], 1)

    return velocity
# --8<-- [end:hamiltonian]
