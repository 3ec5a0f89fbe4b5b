import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(6, 3)


def off(field):
    """How far the gradient of the sum is from each point's own."""
    at = x.clone().requires_grad_()
    f = field(at)
    (of_sum,) = torch.autograd.grad(f.sum(), at, retain_graph=True)
    own = torch.stack([torch.autograd.grad(f[i], at, retain_graph=True)[0][i] for i in range(6)])
    return (of_sum - own).abs().max().item()


def network(middle):
    return nn.Sequential(nn.Linear(3, 16), middle, nn.Softplus(beta=10), nn.Linear(16, 1))


plain, normalized = network(nn.LayerNorm(16)), network(nn.BatchNorm1d(16))
normalized(x)  # so that there are statistics
found = {
    "layer norm": off(plain),
    "batch norm, train": off(normalized),
    "batch norm, eval": off(normalized.eval()),
}
for name, distance in found.items():
    print(f"{name}: {'another' if distance > 1e-3 else 'the same'}")
#> layer norm: the same
#> batch norm, train: another
#> batch norm, eval: the same
distances = list(found.values())
