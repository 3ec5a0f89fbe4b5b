import torch
from torch.func import jacrev


def f(x):
    return x**3


x = torch.tensor([1.0, 2.0], requires_grad=True)
J = torch.compile(jacrev(f), backend="aot_eager")(x)
print(J.tolist())
#> [[3.0, 0.0], [0.0, 12.0]]

# Or one row after the other, if `y` has to come from `torch.compile(f)`.
y = torch.compile(f, backend="aot_eager")(x)
rows = [
    torch.autograd.grad(y, x, v, retain_graph=True)[0]
    for v in torch.eye(2)
]
print(torch.stack(rows).tolist())
#> [[3.0, 0.0], [0.0, 12.0]]
