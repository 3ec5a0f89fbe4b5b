import torch

x = torch.tensor(0.5, requires_grad=True)
y = torch.tanh(x)
dy_dx = torch.autograd.grad(
    y, x, create_graph=True
)[0]
d2y_dx2 = torch.autograd.grad(dy_dx, x)[0]

print(y.grad_fn.name())
#> TanhBackward0
print(dy_dx.grad_fn.name())
#> TanhBackwardBackward0
print(f"dy_dx: {dy_dx:.4f}, 1 - y²: {1 - y**2:.4f}")
#> dy_dx: 0.7864, 1 - y²: 0.7864
print(f"d2y_dx2: {d2y_dx2:.4f}, -2y (1 - y²): {-2 * y * (1 - y**2):.4f}")
#> d2y_dx2: -0.7269, -2y (1 - y²): -0.7269
