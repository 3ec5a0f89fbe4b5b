import torch


def u(x):
    return x * x * x * x * x


x = torch.tensor(1.0, dtype=torch.float64)
h = 1e-4
u_xx = (u(x + h) - 2 * u(x) + u(x - h)) / h**2
print(f"u_xx: {u_xx.item():.2f}")
#> u_xx: 20.00
