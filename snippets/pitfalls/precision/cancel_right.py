import torch

x = torch.tensor(0.01, dtype=torch.float64, requires_grad=True)
u = ((1 + x * x).sqrt() - 1) / (x * x)
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x)[0].item()
print(f"u_xx: {u_xx:.4f}")
#> u_xx: -0.2499
