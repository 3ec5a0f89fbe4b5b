# wrong: u_x is 1.0, the derivative is 0.5
# right: recipes/derivatives_on_a_grid/spectral.py
import torch

n = 16
x = (2 * torch.pi / n * torch.arange(n)).requires_grad_()
gain = torch.linspace(1, 0, 3)  # of the waves 0, 1 and 2: an FNO's weights
modes = torch.fft.rfft(torch.sin(x))[:3] * gain
u = torch.fft.irfft(modes, n=n)  # half of sin x
slope = torch.autograd.grad(u.sum(), x)[0]
u_x = round(slope[0].item(), 5)
print(u_x)
#> 1.0
