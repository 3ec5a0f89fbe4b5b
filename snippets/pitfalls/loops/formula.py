import warnings

import torch
from torch.func import grad, jacfwd, jacrev, vmap
from torch.utils.flop_counter import FlopCounterMode

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
W, V = torch.randn(64, 2), torch.randn(64, 64)
X = torch.randn(100, 2)


# --8<-- [start:ways]
def field(x):  # 2 inputs, 64 outputs
    return (x @ W.T).tanh() @ V.T


def energy(x):  # one output
    return field(x).square().sum(-1)


ways = {
    "field, vmap(jacrev)": lambda: vmap(jacrev(field))(X),
    "field, vmap(jacfwd)": lambda: vmap(jacfwd(field))(X),
    "energy, vmap(jacrev)": lambda: vmap(jacrev(energy))(X),
    "energy, grad of the sum": lambda: grad(lambda X: energy(X).sum())(X),
}
# --8<-- [end:ways]


def products(call):
    with FlopCounterMode(display=False) as counter:
        result = call()
    return result, counter.get_total_flops()


_, forward = products(lambda: field(X))
# --8<-- [start:found]
found = []
for name, way in ways.items():
    result, count = products(way)
    found.append(result)
    print(f"{name:24}{count / forward:5.1f}")
#> field, vmap(jacrev)      65.0
#> field, vmap(jacfwd)       4.0
#> energy, vmap(jacrev)      2.0
#> energy, grad of the sum   2.0
# --8<-- [end:found]
J, slope = found[1][0, 0], found[3][0]
same = [torch.allclose(a, b, rtol=1e-3) for a, b in (found[:2], found[2:])]
print(same)
#> [True, True]
