import torch
from torch.autograd.functional import hessian

torch.manual_seed(0)
x = torch.randn(4, 3, dtype=torch.float64)
i, j = torch.triu_indices(4, 4, offset=1)


def each_pair(x):
    return 2 * (-(x[i] - x[j]).norm(dim=1)).exp().sum() + len(x)


def by_product(x):
    d = torch.cdist(x, x, compute_mode="use_mm_for_euclid_dist")
    return (-d).exp().sum()


def by_subtraction(x):
    return (-(x[:, None] - x[None]).norm(dim=-1)).exp().sum()


expected = hessian(each_pair, x)
print("by a product:", torch.allclose(hessian(by_product, x), expected, atol=1e-6))
#> by a product: True
print("nan by subtraction:", hessian(by_subtraction, x).isnan().any().item())
#> nan by subtraction: True
