import math

import torch

torch.set_default_dtype(torch.float64)


def bessel_i(n, x):
    terms = [(k, math.factorial(k) * math.factorial(k + n)) for k in range(8)]
    return sum((x / 2) ** (2 * k + n) / divisor for k, divisor in terms)


def trace_of_square(x):
    A = torch.diag(torch.stack([x, 2 * x]))
    return torch.trace(A @ A)


cases = [
    ("Bessel function I1", lambda x: bessel_i(1, x), 3, 0.375),
    ("Bessel function I0", lambda x: bessel_i(0, x), 4, 0.375),
    ("abs of complex, squared", lambda x: x**2 + x**2, 2, 4.0),
    ("det of zeros", lambda x: x * x - 0 * 0, 2, 2.0),
    ("equal eigenvalues", trace_of_square, 2, 10.0),
    ("logcumsumexp", lambda x: torch.stack([x, x]).exp().cumsum(0).log().sum(), 3, 0.0),
]
names, found = [], []
for name, f, order, truth in cases:
    x = torch.tensor(0.0, requires_grad=True)
    y = f(x)
    for _ in range(order):
        y = torch.autograd.grad(y, x, create_graph=True)[0]
    names.append(name)
    found.append(y.item())
    print(f"{name:24}order {order}: {y.item():.3f}, truth {truth}")
#> Bessel function I1      order 3: 0.375, truth 0.375
#> Bessel function I0      order 4: 0.375, truth 0.375
#> abs of complex, squared order 2: 4.000, truth 4.0
#> det of zeros            order 2: 2.000, truth 2.0
#> equal eigenvalues       order 2: 10.000, truth 10.0
#> logcumsumexp            order 3: 0.000, truth 0.0
