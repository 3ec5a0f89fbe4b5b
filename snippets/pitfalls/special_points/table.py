import torch

torch.set_default_dtype(torch.float64)


def diagonal(a, b):
    return torch.diag(torch.stack([a, b]))


def eigenvalues(x):
    return torch.linalg.eigvalsh(diagonal(x, 2 * x)).pow(2).sum()


cases = [
    ("Bessel function I1", torch.special.i1, 0.0, 3, 0.375),
    ("Bessel function I0", torch.special.i0, 0.0, 4, 0.375),
    (
        "abs of complex, squared",
        lambda x: torch.complex(x, x).abs() ** 2,
        0.0,
        2,
        4.0,
    ),
    ("zero to the power y", lambda y: torch.tensor(0.0) ** y, 2.0, 2, 0.0),
    ("det of zeros", lambda x: torch.linalg.det(diagonal(x, x)), 0.0, 2, 2.0),
    ("equal eigenvalues", eigenvalues, 0.0, 2, 10.0),
    (
        "logcumsumexp",
        lambda x: torch.logcumsumexp(torch.stack([x, x]), 0).sum(),
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
    print(f"{name:24}order {order}: {y.item():.1f}, truth {truth}")
#> Bessel function I1      order 3: 0.0, truth 0.375
#> Bessel function I0      order 4: 0.0, truth 0.375
#> abs of complex, squared order 2: 0.0, truth 4.0
#> zero to the power y     order 2: nan, truth 0.0
#> det of zeros            order 2: nan, truth 2.0
#> equal eigenvalues       order 2: nan, truth 10.0
#> logcumsumexp            order 3: nan, truth 0.0
