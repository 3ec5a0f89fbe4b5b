import torch
from torch.linalg import vector_norm


def derivatives(norm):
    w = torch.zeros(2, requires_grad=True)
    L = w.pow(2).sum()
    g = torch.autograd.grad(L, w, create_graph=True)[0]
    P = norm(g)
    dP = torch.autograd.grad(P, w, create_graph=True)[0]
    ddP = torch.autograd.grad(dP[0], w)[0]
    return dP[0].item(), ddP[0].item()


root, root_2 = derivatives(lambda g: g.pow(2).sum().sqrt())
hypot, hypot_2 = derivatives(lambda g: torch.hypot(g[0], g[1]))
norm, norm_2 = derivatives(lambda g: vector_norm(g))
norm_square, norm_square_2 = derivatives(lambda g: vector_norm(g) ** 2)
square, square_2 = derivatives(lambda g: g.pow(2).sum())
absolute, absolute_2 = derivatives(lambda g: g.abs().sum())
print("root", root, root_2, "hypot", hypot, hypot_2)
#> root nan nan hypot nan nan
print("norm", norm, norm_2, "norm_square", norm_square, norm_square_2)
#> norm 0.0 nan norm_square 0.0 nan
print("square", square, square_2, "absolute", absolute, absolute_2)
#> square 0.0 8.0 absolute 0.0 0.0
