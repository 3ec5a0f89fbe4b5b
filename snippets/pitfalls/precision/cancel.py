# wrong: u_xx is -30.2852, the second derivative is -0.2499
# right: pitfalls/precision/cancel_right.py
import torch

x = torch.tensor(0.01, requires_grad=True)
u = ((1 + x * x).sqrt() - 1) / (x * x)
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x, x)[0].item()
print(f"u_xx: {u_xx:.4f}")
#> u_xx: -30.2852
