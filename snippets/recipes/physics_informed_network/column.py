import torch

points = torch.tensor([[1.0, 2.0]], requires_grad=True)  # t, x
t, x = points[:, 0], points[:, 1]
u = x**2 * t**3
g = torch.autograd.grad(u.sum(), points, create_graph=True)[0]
h = torch.autograd.grad(g[:, 1].sum(), points)[0]
u_xx = h[0, 1].item()
print(u_xx)
#> 2.0
