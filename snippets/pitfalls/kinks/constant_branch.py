# wrong: u_xx is 0.0, the second derivative is -0.3333
# right: pitfalls/kinks/series_branch.py
import torch

x = torch.tensor(0.0, requires_grad=True)
zero = x == 0
safe = torch.where(zero, 1.0, x)
u = torch.where(zero, 1.0, torch.sin(safe) / safe)
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x)[0]
print(f"u: {u}, u_x: {u_x}, u_xx: {u_xx:.4f}")
#> u: 1.0, u_x: 0.0, u_xx: 0.0000
