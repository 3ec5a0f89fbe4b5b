# wrong: u_xx is 11.92, the second derivative is 20.0
# right: pitfalls/precision/double.py
import torch


def u(x):
    return x * x * x * x * x


x = torch.tensor(1.0)
h = 1e-4
u_xx = (u(x + h) - 2 * u(x) + u(x - h)) / h**2
print(f"u_xx: {u_xx.item():.2f}")
#> u_xx: 11.92
