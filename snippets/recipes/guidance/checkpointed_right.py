import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
block = nn.Sequential(nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 2))
block.requires_grad_(False)
x = torch.randn(4, 2, requires_grad=True)
# --8<-- [mark]
y = checkpoint(block, x, use_reentrant=False)
(g,) = torch.autograd.grad(y.pow(2).sum(), x)
(plain,) = torch.autograd.grad(block(x).pow(2).sum(), x)
same = torch.allclose(g, plain)
print(same, [p.grad for p in block.parameters()])
#> True [None, None, None, None]
