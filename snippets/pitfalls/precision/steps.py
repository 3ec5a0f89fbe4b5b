import matplotlib.pyplot as plt
import torch

steps = [10 ** (-k / 4) for k in range(4, 33)]


def u(x):
    return x * x * x * x * x


def slope(x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(u(x), x)[0]


def errors(dtype, h):
    x = torch.tensor(1.0, dtype=dtype)
    by_gradients = (slope(x + h) - slope(x - h)) / (2 * h)
    by_values = (u(x + h) - 2 * u(x) + u(x - h)) / h**2
    found = by_gradients, by_values
    return [abs(value.item() / 20 - 1) for value in found]


gradients_32, values_32 = zip(*[errors(torch.float32, h) for h in steps])
gradients_64, values_64 = zip(*[errors(torch.float64, h) for h in steps])
curves = values_32, gradients_32, values_64
print("at 0.0001:", *[f"{curve[12]:.0e}" for curve in curves])
#> at 0.0001: 4e-01 5e-05 4e-09
figure, axes = plt.subplots()
axes.loglog(steps, values_32, "C1--")
axes.loglog(steps, gradients_32, "C1")
axes.loglog(steps, values_64, "C0--")
axes.loglog(steps, gradients_64, "C0")
axes.text(5e-6, 1e4, "float32, values", color="C1")
axes.text(6e-6, 1e-6, "float32, gradients", color="C1")
axes.text(1.2e-8, 1e-6, "float64, values", color="C0")
axes.text(2e-7, 5e-13, "float64, gradients", color="C0")
axes.set(xlabel="step $h$", ylabel="relative error", ylim=(1e-13, 1e8))
axes.minorticks_off()
