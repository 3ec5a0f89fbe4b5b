# wrong: same is False, the answer is True
# right: pitfalls/dropout/products_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Linear(3, 8), nn.Tanh(), nn.Dropout(), nn.Linear(8, 1)
)
w, x, v = net[0].weight, torch.ones(4, 3), torch.ones(8, 3)


def product(v):
    # --8<-- [mark]
    loss = net(x).pow(2).mean()
    g = torch.autograd.grad(loss, w, create_graph=True)[0]
    return torch.autograd.grad((g * v).sum(), w)[0]


same = torch.allclose(product(v), product(v))
print("the same product twice:", same)
#> the same product twice: False
