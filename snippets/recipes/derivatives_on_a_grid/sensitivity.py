import torch

torch.set_default_dtype(torch.float64)
n = 16
gain = torch.linspace(1, 0, 3)
a = torch.sin(2 * torch.pi / n * torch.arange(n))  # the input function, on the grid


def operator(a):  # an FNO with one layer
    u = torch.fft.irfft(torch.fft.rfft(a)[:3] * gain, n=n)
    return u + u**2


J = torch.func.jacrev(operator)(a)  # (n, n): output point, input point
summed = torch.func.grad(lambda a: operator(a).sum())(a)
print("the gradient of the sum adds columns:", torch.allclose(summed, J.sum(0)))
#> the gradient of the sum adds columns: True
change = torch.linspace(0, 1, n)  # of the input
_, du = torch.func.jvp(operator, (a,), (change,))  # of the output, without J
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
print("one direction:", torch.allclose(du, J @ change))
#> one direction: True
spectral = 1j * torch.arange(n // 2 + 1)
slope = torch.fft.irfft(spectral * torch.fft.rfft(a), n=n)
_, u_x = torch.func.jvp(operator, (a,), (slope,))  # along the slope of the input
exact = torch.fft.irfft(spectral * torch.fft.rfft(operator(a)), n=n)
print("shifted with its input:", torch.allclose(u_x, exact))
#> shifted with its input: True
