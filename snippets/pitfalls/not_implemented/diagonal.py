import torch


def norms(a, b):
    return (a[:, None] - b[None]).norm(dim=-1)


def roots(a, b):
    squares = (a[:, None] - b[None]).pow(2).sum(dim=-1)
    apart = squares > 0
    return torch.where(apart, squares, 1.0).sqrt() * apart


def products(a, b):
    return torch.cdist(a, b, compute_mode="use_mm_for_euclid_dist")


def slope(distances, x):
    x = x.clone().requires_grad_()
    dy_dx = torch.autograd.grad(
        distances(x, x).sum(), x, create_graph=True
    )[0]
    return torch.autograd.grad(dy_dx.pow(2).sum(), x)[0]


torch.manual_seed(0)
x = torch.randn(5, 3, dtype=torch.float64)
x[1] = x[0]
same = torch.allclose(slope(products, x), slope(roots, x), rtol=1e-4)
print(
    "norms are nan:",
    slope(norms, x).isnan().all().item(),
    "others agree:",
    same,
)
#> norms are nan: True others agree: True
far = (x + 1000).float()
exact = slope(roots, far.double())
for name, distances in (("products", products), ("roots", roots)):
    error = (slope(distances, far) - exact).norm() / exact.norm()
    print(
        f"{name}, far from zero in float32, off by 1 %:",
        error.item() > 0.01,
    )
#> products, far from zero in float32, off by 1 %: True
#> roots, far from zero in float32, off by 1 %: False
