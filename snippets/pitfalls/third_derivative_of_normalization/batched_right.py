import torch
from torch import nn
from torch.func import vjp, vmap

torch.manual_seed(0)
net = nn.Sequential(nn.GroupNorm(1, 4), nn.Tanh(), nn.Flatten()).double()
images = torch.randn(4, 4, 2, 2, dtype=torch.float64, requires_grad=True)
vectors = torch.randn(5, 4, 16, dtype=torch.float64)
# --8<-- [mark]
y, pull = vjp(net, images)
rows = vmap(pull)(vectors)[0]
one_by_one = [
    torch.autograd.grad(y, images, vector, retain_graph=True)[0]
    for vector in vectors
]
first = rows[0]
agrees = torch.allclose(rows, torch.stack(one_by_one))
print("the same as one row at a time:", agrees)
#> the same as one row at a time: True
