import torch
from torch.func import vmap

x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.prod() * x
units = torch.eye(2)
rows = vmap(
    lambda v: torch.autograd.grad(y, x, v, create_graph=True)[0]
)(units)
second = torch.autograd.grad(rows.sum(), x)[0].tolist()
print(rows.tolist(), second)
#> [[4.0, 1.0], [4.0, 4.0]] [10.0, 8.0]
