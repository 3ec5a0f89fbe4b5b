import torch
from torch import nn

torch.set_default_dtype(torch.float64)
A = torch.tensor(
    [[0.5, 1.0, -1.5, 0.3], [1.0, -0.7, 0.2, 0.9], [0.3, 0.4, -1.0, -0.2]]
)
V = torch.tensor(
    [[1.0, 2.0, -1.0, 0.5], [0.7, -0.3, 1.0, 0.2], [-0.4, 0.9, 0.1, -1.0]]
)


def channels(layer):
    return nn.Sequential(nn.Unflatten(1, (2, 2)), layer)


layers = {
    "layer_norm": nn.LayerNorm(4, eps=0.1),
    "batch_norm": nn.BatchNorm1d(4, eps=0.1),
    "instance_norm": channels(nn.InstanceNorm1d(2, eps=0.1)),
    "batch_norm_no_stats": nn.BatchNorm1d(
        4, eps=0.1, track_running_stats=False
    ).eval(),
    "batch_norm_eval": nn.BatchNorm1d(4).eval(),
    "group_norm": nn.GroupNorm(1, 4, eps=0.1),
    "group_per_channel": channels(nn.GroupNorm(2, 2, eps=0.1)),
    "rms_norm": nn.RMSNorm(4, eps=0.1),
}


def derivative(layer, order, x):
    x = torch.tensor(x, requires_grad=True)
    y = (V * layer(torch.sin(A * x) + A**2 * x**2).reshape(3, 4)).sum()
    for _ in range(order):
        y = torch.autograd.grad(y, x, create_graph=True)[0]
    return y.item()


autograd = [derivative(layer, 3, 0.8) for layer in layers.values()]
difference = [
    (derivative(layer, 2, 0.80001) - derivative(layer, 2, 0.79999)) / 2e-5
    for layer in layers.values()
]
names = list(layers)
for name, third, slope in zip(names, autograd, difference, strict=True):
    print(f"{name:20}{third:9.3f}{slope:9.3f}")
#> layer_norm            200.899   33.383
#> batch_norm            409.506  166.347
#> instance_norm         613.396  248.401
#> batch_norm_no_stats   409.506  166.347
#> batch_norm_eval        -3.419   -3.419
#> group_norm             33.383   33.383
#> group_per_channel     248.401  248.401
#> rms_norm               50.697   50.697
