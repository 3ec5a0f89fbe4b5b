import torch
from torch import nn
from torch.nn.utils.parametrize import register_parametrization


class SpectralNorm(nn.Module):
    def forward(self, W):
        return W / torch.linalg.matrix_norm(W.flatten(1), ord=2)


def finite(weight):
    linear = nn.Linear(4, 4, bias=False)
    linear.weight.data = weight
    register_parametrization(linear, "weight", SpectralNorm())
    W = linear.parametrizations.weight.original
    L = linear(torch.ones(2, 4)).tanh().sum()
    g = torch.autograd.grad(L, W, create_graph=True)[0]
    second = torch.autograd.grad(g.pow(2).sum(), W)[0]
    return second.isfinite().all().item()


torch.manual_seed(0)
random = torch.randn(4, 4)
pruned = random * torch.tensor([1.0, 1.0, 0.0, 0.0])[:, None]
all_apart, all_equal = finite(random), finite(torch.eye(4))
two_zeros = finite(pruned)
print("random:", all_apart, "orthogonal:", all_equal)
#> random: True orthogonal: False
print("two rows of zeros:", two_zeros)
#> two rows of zeros: False
