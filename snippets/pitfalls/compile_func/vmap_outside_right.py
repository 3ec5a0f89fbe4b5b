import torch
from torch.func import grad, vmap


def f(x):
    return (x**3).sum()


X = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
compiled = torch.compile(vmap(grad(f)), backend="aot_eager", fullgraph=True)
slopes = compiled(X).tolist()
print(slopes)
#> [[3.0, 12.0], [27.0, 48.0]]
