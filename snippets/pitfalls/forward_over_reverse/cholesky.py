# wrong: second is 28.0, the second derivative is 8.0
# right: pitfalls/forward_over_reverse/cholesky_right.py
import torch


def f(t):
    factor = torch.stack([t, 0 * t, torch.ones_like(t), t]).reshape(2, 2)
    return torch.cholesky_inverse(factor).sum()


t = torch.tensor(1.0, dtype=torch.float64)
second = torch.func.hessian(f)(t).item()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
difference = (f(t + 1e-4) - 2 * f(t) + f(t - 1e-4)).item() / 1e-8
print("second:", second, "difference:", round(difference, 4))
#> second: 28.0 difference: 8.0
