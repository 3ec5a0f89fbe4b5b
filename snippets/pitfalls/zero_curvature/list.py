import torch
from torch.nn import functional as F

functions = {
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "hardtanh": F.hardtanh,
    "abs": torch.abs,
    "round": torch.round,
    "max_pool1d": lambda x: F.max_pool1d(x[None], 2),
    "elu": F.elu,
    "hardswish": F.hardswish,
    "gelu": F.gelu,
    "silu": F.silu,
    "softplus": F.softplus,
    "tanh": torch.tanh,
}
for name, function in functions.items():
    x = torch.tensor([0.3, -0.7], dtype=torch.float64, requires_grad=True)
    y = function(x).sum() + 0 * x.pow(2).sum()
    first = torch.autograd.grad(y, x, create_graph=True)[0]
    second = torch.autograd.grad(first.sum(), x)[0]
    print(f"{name}: {[round(value, 4) for value in second.tolist()]}")
#> relu: [0.0, 0.0]
#> leaky_relu: [0.0, 0.0]
#> hardtanh: [0.0, 0.0]
#> abs: [0.0, 0.0]
#> round: [0.0, 0.0]
#> max_pool1d: [0.0, 0.0]
#> elu: [0.0, 0.4966]
#> hardswish: [0.3333, 0.3333]
#> gelu: [0.7285, 0.4715]
#> silu: [0.478, 0.3912]
#> softplus: [0.2445, 0.2217]
#> tanh: [-0.5332, 0.7672]
