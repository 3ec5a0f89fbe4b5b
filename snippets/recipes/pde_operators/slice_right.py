import torch

X = torch.tensor([[0.5, 1.0], [0.2, 0.7]], requires_grad=True)
u = torch.sin(X[:, 0:1]) * X[:, 1:2]


def d(u, i):
    """The derivative with respect to column i, taken out of the gradient."""
    return torch.autograd.grad(u.sum(), X, create_graph=True)[0][:, i : i + 1]


u_xx, u_xy, u_xxxx = d(d(u, 0), 0), d(d(u, 0), 1), d(d(d(d(u, 0), 0), 0), 0)
print(torch.allclose(u_xx, -u), torch.allclose(u_xxxx, u))
#> True True
print(torch.allclose(u_xy, torch.cos(X[:, 0:1])))
#> True
