import torch
from torch.func import grad, vmap


def f(x):
    return torch.where(x != 0, x**3, 0.0).sum()


X = torch.tensor([[1.0, 0.0], [3.0, 4.0]])
slopes = vmap(grad(f))(X).tolist()
print(slopes)
#> [[3.0, 0.0], [27.0, 48.0]]
