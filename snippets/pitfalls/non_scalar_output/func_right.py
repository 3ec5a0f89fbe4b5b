import torch
from torch.func import grad, jacrev, vmap


def u(x):
    return (x**3).sum()


x, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 1.0])
print("Hessian:", jacrev(grad(u))(x).tolist())
#> Hessian: [[6.0, 0.0], [0.0, 12.0]]
Hv = grad(lambda x: grad(u)(x) @ v)(x)
print("Hessian times v:", Hv.tolist())
#> Hessian times v: [6.0, 12.0]
print("each entry by itself:", vmap(grad(grad(lambda x: x**3)))(x).tolist())
#> each entry by itself: [6.0, 12.0]
