# wrong: second is 18.0, the second derivative is 6.0
# right: pitfalls/nested_forward_mode/det_reverse.py
import torch
from torch.func import jvp


def f(t):
    one = torch.ones_like(t)
    return torch.linalg.det(torch.stack([t, one, one, 3 * t]).reshape(2, 2))


t, one = torch.tensor(1.0, dtype=torch.float64), torch.ones((), dtype=torch.float64)
first = jvp(f, (t,), (one,))[1].item()
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
second = jvp(lambda t: jvp(f, (t,), (one,))[1], (t,), (one,))[1].item()
print("first:", first, "second:", second)
#> first: 6.0 second: 18.0
