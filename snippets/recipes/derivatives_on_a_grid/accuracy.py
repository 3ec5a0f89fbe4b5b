# uses: recipes/derivatives_on_a_grid/grid.py
import torch
from grid import difference, spectral_derivative

n, length = 64, 1.0
step = length / n
x = step * torch.arange(n, dtype=torch.float64)
off = {}
for name, u, exact in (
    ("periodic", torch.exp(torch.sin(2 * torch.pi * x)), None),
    ("not periodic", torch.exp(x), torch.exp(x)),
):
    if exact is None:
        exact = u * 2 * torch.pi * torch.cos(2 * torch.pi * x)
    fourier = spectral_derivative(u, length) - exact
    central = difference(u, step) - exact[1:-1]
    off[name] = [e.abs().max().item() for e in (fourier, central)]
    print(f"{name:12} Fourier {off[name][0]:.0e}, differences {off[name][1]:.0e}")
#> 
