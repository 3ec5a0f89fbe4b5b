import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)


def passes(layer):
    def gradient(x):
        y = layer(x).sin().sum()
        return torch.autograd.grad(y, x, create_graph=True)[0]

    second = torch.autograd.gradgradcheck(layer, x)
    third = torch.autograd.gradgradcheck(gradient, x, raise_exception=False)
    return [second, third]


answers = []
for layer in (nn.LayerNorm(4), nn.BatchNorm1d(4), nn.GroupNorm(1, 4)):
    second, third = passes(layer.double())
    answers.append([second, third])
    print(f"{type(layer).__name__}: second {second}, third {third}")
#> LayerNorm: second True, third False
#> BatchNorm1d: second True, third False
#> GroupNorm: second True, third True
