# uses: recipes/derivatives_on_a_grid/grid.py
import torch
from grid import spectral_derivative

n = 16
x = (2 * torch.pi / n * torch.arange(n)).requires_grad_()
gain = torch.linspace(1, 0, 3)  # of the waves 0, 1 and 2: an FNO's weights
modes = torch.fft.rfft(torch.sin(x))[:3] * gain
u = torch.fft.irfft(modes, n=n)  # 0.5 sin x
u_x = round(spectral_derivative(u, length=2 * torch.pi)[0].item(), 5)
print(u_x)
#> 0.5
