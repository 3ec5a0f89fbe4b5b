import torch
from torch.func import grad, jvp


def f(w):
    return (w**3).sum()


w, v = torch.tensor([1.0, 2.0]), torch.tensor([0.6, 0.8])

value, slope = jvp(f, (w,), (v,))
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print(f"f: {value}, its slope along v: {slope:.1f}")
#> f: 9.0, its slope along v: 11.4
g, Hv = jvp(grad(f), (w,), (v,))
print("g:", g.tolist(), "Hv:", [round(entry, 4) for entry in Hv.tolist()])
#> g: [3.0, 12.0] Hv: [3.6, 9.6]
h = 1e-3
difference = (grad(f)(w + h * v) - grad(f)(w - h * v)) / (2 * h)
print("difference:", [round(entry, 4) for entry in difference.tolist()])
#> difference: [3.5999, 9.5987]
