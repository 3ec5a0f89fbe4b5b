# uses: recipes/derivatives_on_a_grid/grid.py
import torch
from grid import difference, spectral_derivative

n, length = 64, 1.0
step = length / n
x = step * torch.arange(n, dtype=torch.float64)
wave = torch.exp(torch.sin(2 * torch.pi * x))
slope = 2 * torch.pi * torch.cos(2 * torch.pi * x) * wave
functions = {"periodic": (wave, slope), "exp": (torch.exp(x), torch.exp(x))}
off_fourier, off_difference = [], []
for name, (u, exact) in functions.items():
    fourier = spectral_derivative(u, length) - exact
    central = difference(u, step) - exact[1:-1]
    off_fourier.append(fourier.abs().max().item())
    off_difference.append(central.abs().max().item())
    print(f"{name:8} Fourier to 1e-12: {off_fourier[-1] < 1e-12}")
#> periodic Fourier to 1e-12: True
#> exp      Fourier to 1e-12: False
