import torch

X = torch.tensor([[1.0, 1.0]], requires_grad=True)
x, y = X[:, 0:1], X[:, 1:2]
v = torch.cat([x**2, x * y**3], dim=1)  # a velocity


def d(u, i):
    return torch.autograd.grad(u.sum(), X, create_graph=True)[0][:, i : i + 1]


each = [d(d(u, 0), 0) + d(d(u, 1), 1) for u in v.split(1, dim=1)]
laplacian = torch.cat(each, dim=1).tolist()
print(laplacian)
#> [[2.0, 6.0]]
