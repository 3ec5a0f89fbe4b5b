import torch
from torch.autograd import gradcheck, gradgradcheck

torch.manual_seed(0)
v = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
g = torch.rand(3, 1, dtype=torch.float64, requires_grad=True)


def weight(v, g):
    return v * (g / v.norm(dim=1, keepdim=True))


def built_in(v, g):
    return torch._weight_norm(v, g, 0)


print("the same:", torch.allclose(weight(v, g), built_in(v, g)))
#> the same: True
print("twice:", gradgradcheck(weight, (v, g)))
#> twice: True
print("built in, once:", gradcheck(built_in, (v, g)))
#> built in, once: True
print("built in, twice:", gradgradcheck(built_in, (v, g), raise_exception=False))
#> built in, twice: False
