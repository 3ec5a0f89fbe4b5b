import matplotlib.pyplot as plt
import torch
from torch.func import grad, jvp


def f(t):
    one = torch.ones_like(t)
    return torch.linalg.det(torch.stack([t, one, one, 3 * t]).reshape(2, 2))


def forward(f):
    return lambda t: jvp(f, (t,), (torch.ones_like(t),))[1]


times = torch.arange(14, 61, dtype=torch.float64) / 20
twice = [forward(forward(f))(t).item() for t in times]
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
reverse = [grad(grad(f))(t).item() for t in times]
high, low = twice[0], twice[-1]
print(f"jvp of jvp: from {high:.2f} to {low:.2f}")
#> jvp of jvp: from 37.53 to 12.46
print(f"at 1: {twice[6]:.2f} and {reverse[6]:.2f}")
#> at 1: 18.00 and 6.00
figure, axes = plt.subplots()
axes.plot(times, twice, "C1--")
axes.plot(times, reverse, "C0")
axes.text(1.1, 18, "jvp of jvp", color="C1")
axes.text(1.1, 7, "grad of grad", color="C0")
axes.set(xlabel="$t$", ylabel="second derivative", ylim=(0, 40))
