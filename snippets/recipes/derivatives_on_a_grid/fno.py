# timeout: 120
# uses: recipes/derivatives_on_a_grid/grid.py
import torch
from grid import spectral_derivative
from torch import nn


# --8<-- [start:layer]
class Spectral(nn.Module):
    """One Fourier layer: each wave is multiplied by a weight, (b, c, n)."""

    def __init__(self, channels, modes):
        super().__init__()
        size = channels, channels, modes, 2
        self.weight = nn.Parameter(torch.randn(size) / channels)
        self.local = nn.Conv1d(channels, channels, 1)

    def forward(self, v):
        waves = torch.fft.rfft(v)[..., : self.weight.shape[2]]
        weight = torch.view_as_complex(self.weight)
        mixed = torch.einsum("bik,iok->bok", waves, weight)
        return torch.fft.irfft(mixed, n=v.shape[-1]) + self.local(v)


# --8<-- [end:layer]
# --8<-- [start:train]
torch.manual_seed(0)
n, waves = 32, torch.arange(1, 4)
x = 2 * torch.pi / n * torch.arange(n)


def samples(count):
    """Periodic functions f of mean zero, and the solutions of u_xx = f."""
    a = torch.randn(count, 3, 1)
    sines = torch.sin(waves[:, None] * x + a.sin() * 3)
    return (a * sines).sum(1, keepdim=True), (-a / waves[:, None] ** 2 * sines).sum(1)


net = nn.Sequential(
    nn.Conv1d(1, 8, 1), Spectral(8, 6), nn.GELU(), Spectral(8, 6), nn.Conv1d(8, 1, 1)
)
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
for _ in range(300):
    f, _ = samples(32)
    u = net(f)
    residual = spectral_derivative(u, 2 * torch.pi, order=2) - f
    loss = residual.square().mean() + u.mean(-1).square().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
f, exact = samples(200)
error = ((net(f)[:, 0] - exact).norm() / exact.norm()).item()
print(f"relative error, below a twentieth: {error < 0.05}")
#> relative error, below a twentieth: True
# --8<-- [end:train]
