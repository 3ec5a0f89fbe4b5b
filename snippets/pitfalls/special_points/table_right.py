import math

import torch

torch.set_default_dtype(torch.float64)


# --8<-- [start:formulas]
def bessel_i(n, x):
    terms = [
        (k, math.factorial(k) * math.factorial(k + n)) for k in range(8)
    ]
    return sum((x / 2) ** (2 * k + n) / divisor for k, divisor in terms)


def determinant(A):
    return A[0, 0] * A[1, 1] - A[0, 1] * A[1, 0]


def logcumsumexp(x):
    return torch.stack([x[: k + 1].logsumexp(0) for k in range(len(x))])


def power(base, y):
    zero = base == 0
    safe = torch.where(zero, 1.0, base)
    return torch.where(zero, 0.0, safe**y)  # for a positive exponent


# --8<-- [end:formulas]
def diagonal(a, b):
    return torch.diag(torch.stack([a, b]))


cases = [
    ("Bessel function I1", lambda x: bessel_i(1, x), 0.0, 3, 0.375),
    ("Bessel function I0", lambda x: bessel_i(0, x), 0.0, 4, 0.375),
    ("abs of complex, squared", lambda x: x**2 + x**2, 0.0, 2, 4.0),
    (
        "zero to the power y",
        lambda y: power(torch.tensor(0.0), y),
        2.0,
        2,
        0.0,
    ),
    ("det of zeros", lambda x: determinant(diagonal(x, x)), 0.0, 2, 2.0),
    (
        "equal eigenvalues",
        lambda x: diagonal(x, 2 * x).pow(2).sum(),
        0.0,
        2,
        10.0,
    ),
    (
        "logcumsumexp",
        lambda x: logcumsumexp(torch.stack([x, x])).sum(),
        0.0,
        3,
        0.0,
    ),
]
names, found = [], []
for name, f, point, order, truth in cases:
    x = torch.tensor(point, requires_grad=True)
    y = f(x)
    for _ in range(order):
        y = torch.autograd.grad(y, x, create_graph=True)[0]
    names.append(name)
    found.append(y.item())
    print(f"{name:24}order {order}: {y.item():.3f}, truth {truth}")
#> Bessel function I1      order 3: 0.375, truth 0.375
#> Bessel function I0      order 4: 0.375, truth 0.375
#> abs of complex, squared order 2: 4.000, truth 4.0
#> zero to the power y     order 2: 0.000, truth 0.0
#> det of zeros            order 2: 2.000, truth 2.0
#> equal eigenvalues       order 2: 10.000, truth 10.0
#> logcumsumexp            order 3: 0.000, truth 0.0
