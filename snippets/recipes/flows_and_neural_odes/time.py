import torch


def f(t, y):  # a field (n, d), with the solution y = exp(sin t)
    return t.cos() * y


# --8<-- [start:time]
def time_derivatives(f, t, y):
    """Return dy/dt and d2y/dt2 of the solution through y (n, d) at times t (n, 1)."""
    velocity = f(t, y)
    _, acceleration = torch.func.jvp(f, (t, y), (torch.ones_like(t), velocity))
    return velocity, acceleration


# --8<-- [end:time]
t = torch.tensor([[0.3], [1.2]], dtype=torch.float64)
y = t.sin().exp()  # from any solver, or its adjoint
first, second = time_derivatives(f, t, y)
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print([round(v, 5) for v in first.flatten().tolist()])
#> [1.28381, 0.92027]
print([round(a, 5) for a in second.flatten().tolist()])
#> [0.82934, -2.03362]
