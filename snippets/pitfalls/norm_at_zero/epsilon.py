import torch
from torch.linalg import vector_norm


def derivatives(norm):
    w = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    L = w.pow(2).sum()
    g = torch.autograd.grad(L, w, create_graph=True)[0]
    P = norm(g)
    dP = torch.autograd.grad(P, w, create_graph=True)[0]
    ddP = torch.autograd.grad(dP[0], w)[0]
    return dP[0].item(), ddP[0].item()


eps = 1e-12
in_root, in_root_2 = derivatives(lambda g: (g.pow(2).sum() + eps).sqrt())
outside, outside_2 = derivatives(lambda g: vector_norm(g) + eps)
in_norm, in_norm_2 = derivatives(lambda g: vector_norm(g + eps))
print(f"in_root {in_root} {in_root_2:.0f}")
#> in_root 0.0 4000000
print(f"outside {outside} {outside_2}")
#> outside 0.0 nan
print(f"in_norm {in_norm:.4f} {in_norm_2:.4e}")
#> in_norm 1.4142 1.4142e+12
