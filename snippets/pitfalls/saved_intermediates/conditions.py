import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

torch.set_default_dtype(torch.float64)


def penalty(layer, x, by_input):
    x = x.clone().requires_grad_()
    L = layer(x).tanh().sum()
    v = layer.parametrizations.weight.original1
    g = torch.autograd.grad(L, x if by_input else v, create_graph=True)[0]
    return g.pow(2).sum()


def right(layer, x, by_input):
    v = layer.parametrizations.weight.original1
    found = torch.autograd.grad(penalty(layer, x, by_input), v)[0]
    along, h = torch.cos(torch.arange(v.numel())).reshape(v.shape), 1e-6
    values = []
    for move in (h, -2 * h):
        with torch.no_grad():
            v.add_(along, alpha=move)
        values.append(penalty(layer, x, by_input).item())
    difference = (values[0] - values[1]) / (2 * h)
    return abs((found * along).sum().item() / difference - 1) < 1e-4


cases = {
    nn.Linear: ((3, 2), (4, 3), (0, 1, None)),
    nn.Conv2d: ((2, 3, 2), (2, 2, 4, 4), (0, 1, 2, 3, None)),
}
answers = []
for kind, (sizes, shape, dims) in cases.items():
    for dim in dims:
        torch.manual_seed(0)
        layer, x = weight_norm(kind(*sizes), dim=dim), torch.randn(shape)
        found = [right(layer, x, by_input) for by_input in (False, True)]
        answers.append(found)
        print(f"{kind.__name__}, dim={dim}:", *found)
#> Linear, dim=0: False True
#> Linear, dim=1: False True
#> Linear, dim=None: True True
#> Conv2d, dim=0: False True
#> Conv2d, dim=1: True True
#> Conv2d, dim=2: True True
#> Conv2d, dim=3: False True
#> Conv2d, dim=None: True True
