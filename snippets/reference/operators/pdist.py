import torch
from torch.autograd import gradgradcheck
from torch.nn.functional import pdist

torch.manual_seed(0)
x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
i, j = torch.triu_indices(4, 4, offset=1)


def distances(x):
    return (x[i] - x[j]).norm(dim=1)


print("the same:", torch.allclose(distances(x), pdist(x)))
#> the same: True
print("twice:", gradgradcheck(distances, x))
#> twice: True
