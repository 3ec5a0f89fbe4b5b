import torch
from torch.autograd import gradgradcheck
from torch.nn.functional import embedding, embedding_bag

torch.manual_seed(0)
weight = torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
index = torch.tensor([[0, 2], [4, 4]])


def mean_bag(weight):
    return embedding(index, weight).mean(dim=1)


print("the same:", torch.allclose(mean_bag(weight), embedding_bag(index, weight)))
#> the same: True
print("twice:", gradgradcheck(mean_bag, weight))
#> twice: True
