import math

import matplotlib.pyplot as plt
import torch

x = torch.tensor([10 ** (k / 8) for k in range(-48, 1)])


def second(f):
    at = x.clone().requires_grad_()
    first = torch.autograd.grad(f(at).sum(), at, create_graph=True)[0]
    return torch.autograd.grad(first.sum(), at)[0]


def sinc(x):
    z = math.pi * x
    small = z.abs() < 1
    near = torch.where(small, z, 0.0)
    far = torch.where(small, 1.0, z)
    series = sum(
        (-1) ** k * near ** (2 * k) / math.factorial(2 * k + 1)
        for k in range(9)
    )
    return torch.where(small, series, far.sin() / far)


library, series = second(torch.sinc), second(sinc)
error = (library - series).abs()
print(
    "error below 0.01, from x = 0.01 on:",
    error[x > 0.009].max().item() < 0.01,
)
#> error below 0.01, from x = 0.01 on: True
print("error below 1 everywhere:", error.max().item() < 1)
#> error below 1 everywhere: False
limit = series[0].item()
print(
    f"up to x = 0.00001: {library[x < 1.1e-5].abs().max():.1f}, with the series {limit:.2f}"
)
#> up to x = 0.00001: 0.0, with the series -3.29
figure, axes = plt.subplots()
axes.semilogx(x, series, "C0")
axes.semilogx(x, library, "C1--")
axes.text(1e-6, 0.5, "torch.sinc: zero", color="C1")
axes.text(1e-3, -5, "with a series near zero", color="C0")
axes.set(xlabel="$x$", ylabel="second derivative", ylim=(-8, 8))
axes.minorticks_off()
