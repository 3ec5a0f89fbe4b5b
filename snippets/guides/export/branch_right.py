import torch
from torch.fx.experimental.proxy_tensor import make_fx


def energy(x):
    factor = 2.0 if x.shape[0] < 4 else 5.0
    return factor * (x**2).sum()


record = make_fx(torch.func.grad(energy), tracing_mode="symbolic")
slopes = record(torch.ones(4))
slope = slopes(torch.ones(5))[0].item()
print("slope for five rows:", slope)
#> slope for five rows: 10.0
