import torch


def f(t):
    factor = torch.stack([t, 0 * t, torch.ones_like(t), t]).reshape(2, 2)
    return torch.cholesky_inverse(factor).sum()


t = torch.tensor(1.0, dtype=torch.float64)
second = torch.func.grad(torch.func.grad(f))(t).item()
print("second:", second)
#> second: 8.0
