# wrong: P is 38.5778, the penalty is 17.0
# right: pitfalls/per_sample_penalty/func.py
import torch
from torch.func import grad, vmap

w = torch.tensor([3.0, 4.0], requires_grad=True)
x = torch.tensor([[1.0, 0.0], [0.0, 0.5]])


def D(sample):
    return (sample**2) @ w


g = vmap(grad(D))(x)
P = (g.norm() - 1) ** 2
dP_dw = torch.autograd.grad(P, w)[0]
print(f"P: {P:.4f}")
#> P: 38.5778
