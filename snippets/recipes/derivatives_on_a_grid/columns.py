# wrong: u_x is 1.0, the derivative is 0.5
# right: recipes/derivatives_on_a_grid/spectral.py
import torch

n = 16
x = (2 * torch.pi / n * torch.arange(n)).requires_grad_()
gain = torch.linspace(1, 0, 3)  # of the waves 0, 1 and 2: an FNO's weights
modes = torch.fft.rfft(torch.sin(x))[:3] * gain
u = torch.fft.irfft(modes, n=n)  # 0.5 sin x
u_x = torch.autograd.grad(u.sum(), x)[0][0].item()
print(round(u_x, 5))
#> 1.0
