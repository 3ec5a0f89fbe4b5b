import torch
from torch.func import grad, vmap


def f(x, length):
    valid = torch.arange(len(x)) < length
    return torch.where(valid, x**3, 0.0).sum()


X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
lengths = torch.tensor([2, 3])
slopes = grad(lambda X: vmap(f)(X, lengths).sum())(X).tolist()
print(slopes)
#> [[3.0, 12.0, 0.0], [48.0, 75.0, 108.0]]
