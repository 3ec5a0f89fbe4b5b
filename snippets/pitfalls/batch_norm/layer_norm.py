import torch
from torch import nn
from torch.func import grad, vmap

torch.manual_seed(0)
critic = nn.Sequential(
    nn.Linear(4, 8), nn.LayerNorm(8), nn.Tanh(), nn.Linear(8, 1)
)
x = torch.randn(3, 4, requires_grad=True)
summed = torch.autograd.grad(critic(x).sum(), x)[0]
alone = vmap(grad(lambda sample: critic(sample).sum()))(x)
same = torch.allclose(summed, alone, atol=1e-6)
print("each sample has its own gradient:", same)
#> each sample has its own gradient: True
