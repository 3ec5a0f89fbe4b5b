import warnings

import torch
from torch.autograd.functional import hessian

warnings.simplefilter("ignore", DeprecationWarning)


def energy(positions):
    return (positions**4).sum() + positions.prod()


x = torch.tensor([[1.0, 2.0, 0.5], [0.5, 1.0, 2.0]], requires_grad=True)
true = (12 * x.flatten() ** 2).diag() + x.prod() * (1 - torch.eye(6)) / (
    torch.outer(x.flatten(), x.flatten())
)
options = {
    "none": {},
    "vectorize": {"vectorize": True},
    "vectorize, forward-mode": {
        "vectorize": True,
        "outer_jacobian_strategy": "forward-mode",
    },
    "create_graph": {"create_graph": True},
    "vectorize, create_graph": {"vectorize": True, "create_graph": True},
}
found = []
for name, flags in options.items():
    H = hessian(energy, x, **flags)
    right = torch.allclose(H.reshape(6, 6), true, atol=1e-5)
    found.append([right, H.requires_grad])
    print(f"{name}: right {right}, has a graph {H.requires_grad}")
#> none: right True, has a graph False
#> vectorize: right True, has a graph False
#> vectorize, forward-mode: right True, has a graph True
#> create_graph: right True, has a graph True
#> vectorize, create_graph: right True, has a graph True
shape = list(H.shape)
print(shape)
#> [2, 3, 2, 3]
