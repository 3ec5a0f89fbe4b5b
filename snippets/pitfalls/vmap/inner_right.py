import torch
from torch.func import grad, vmap


def penalty(w, x):
    slope = grad(lambda x: (w * x**3).sum())(x)
    return (slope**2).sum()


w = torch.tensor([1.0, 2.0])
X = torch.tensor([[1.0, -1.0], [0.5, 2.0]])
per_sample = vmap(grad(penalty), in_dims=(None, 0))(w, X).tolist()
print(per_sample)
#> [[18.0, 36.0], [1.125, 576.0]]
