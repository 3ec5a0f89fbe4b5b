import torch
import torch.nn.functional as F
from torch.func import grad, vmap


# --8<-- [start:lstm]
def lstm(p, x):
    """An LSTM of one layer over x of time, [batch,] features."""
    h = c = x.new_zeros(*x.shape[1:-1], p["weight_hh_l0"].shape[-1])
    outputs = []
    for now in x:
        gates = F.linear(now, p["weight_ih_l0"], p["bias_ih_l0"])
        gates = gates + F.linear(h, p["weight_hh_l0"], p["bias_hh_l0"])
        i, f, g, o = gates.chunk(4, -1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        outputs.append(h)
    return torch.stack(outputs)
# --8<-- [end:lstm]


# --8<-- [start:agree]
torch.manual_seed(0)
layer = torch.nn.LSTM(2, 3)
params = dict(layer.named_parameters())
x = torch.linspace(-1, 1, 40).reshape(5, 4, 2)
print(torch.allclose(lstm(params, x), layer(x)[0], atol=1e-6))
#> True


def penalty(params, x):
    slope = grad(lambda x: lstm(params, x).pow(2).sum())(x)
    return slope.pow(2).sum()


# Of each sample, and of each of two members of an ensemble.
of_samples = vmap(grad(penalty), (None, 1))(params, x)["weight_hh_l0"]
two = {name: torch.stack([p, 2 * p]) for name, p in params.items()}
of_members = vmap(grad(penalty), (0, None))(two, x)["weight_hh_l0"]
print([round(g.norm().item(), 4) for g in (*of_samples, *of_members)])
#> [0.3135, 0.2885, 0.2321, 0.1635, 0.9915, 6.9178]
# --8<-- [end:agree]
