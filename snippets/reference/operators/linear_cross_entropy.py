import torch
from torch.autograd import gradgradcheck
from torch.nn import functional as F

torch.manual_seed(0)
x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
weight = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
label = torch.tensor([0, 4, 2, 2])


def loss(x, weight):
    return F.cross_entropy(F.linear(x, weight), label)


chunked = F.linear_cross_entropy(x, weight, label, options=torch.nn.LinearCrossEntropyOptions())
print("the same:", torch.allclose(loss(x, weight), chunked))
#> the same: True
print("twice:", gradgradcheck(loss, (x, weight)))
#> twice: True
