import torch
from torch.autograd import gradgradcheck

torch.manual_seed(0)
x, y = torch.randn(2, 4, 3, dtype=torch.float64).unbind(0)
x, y = x.requires_grad_(), y.requires_grad_()


def distances(x, y):
    return (x[:, None] - y[None]).norm(dim=-1)


print("the same:", torch.allclose(distances(x, y), torch.cdist(x, y)))
#> the same: True
print("twice:", gradgradcheck(distances, (x, y)))
#> twice: True
