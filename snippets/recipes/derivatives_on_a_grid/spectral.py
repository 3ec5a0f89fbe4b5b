import torch

n = 16
x = 2 * torch.pi / n * torch.arange(n)
gain = torch.linspace(1, 0, 3)  # of the waves 0, 1 and 2: an FNO's weights
modes = torch.fft.rfft(torch.sin(x))[:3] * gain
u = torch.fft.irfft(modes, n=n)  # half of sin x
k = torch.arange(n // 2 + 1)
slope = torch.fft.irfft(1j * k * torch.fft.rfft(u), n=n)
u_x = round(slope[0].item(), 5)
print(u_x)
#> 0.5
