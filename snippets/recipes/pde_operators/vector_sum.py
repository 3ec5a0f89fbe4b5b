# wrong: laplacian is [[8.0, 8.0]], the Laplacian of each component is [[2.0, 6.0]]
# right: recipes/pde_operators/vector.py
import torch

X = torch.tensor([[1.0, 1.0]], requires_grad=True)
x, y = X[:, 0:1], X[:, 1:2]
v = torch.cat([x**2, x * y**3], dim=1)  # a velocity


def d(u, i):
    return torch.autograd.grad(u.sum(), X, create_graph=True)[0][:, i : i + 1]


both = d(d(v, 0), 0) + d(d(v, 1), 1)
laplacian = both.expand_as(v).tolist()
print(laplacian)
#> [[8.0, 8.0]]
