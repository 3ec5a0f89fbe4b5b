# wrong: dP_dw is [20.67, 6.89], the gradient is [10.0, 3.0]
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
print(f"P: {P:.4f}, dP_dw: {dP_dw[0]:.4f} {dP_dw[1]:.4f}")
#> P: 38.5778, dP_dw: 20.6718 6.8906
