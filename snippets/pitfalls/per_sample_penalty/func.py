import torch
from torch.func import grad, vmap

w = torch.tensor([3.0, 4.0], requires_grad=True)
x = torch.tensor([[1.0, 0.0], [0.0, 0.5]])


def D(sample):
    return (sample**2) @ w


def squared_excess(sample):
    return (torch.linalg.vector_norm(grad(D)(sample)) - 1) ** 2


P = vmap(squared_excess)(x).mean()
dP_dw = torch.autograd.grad(P, w)[0]
print("P:", P.item(), "dP_dw:", dP_dw.tolist())
#> P: 17.0 dP_dw: [10.0, 3.0]
