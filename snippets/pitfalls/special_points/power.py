# wrong: u_xy is 0.0, the mixed derivative is 0.5
# right: pitfalls/special_points/power_right.py
import torch

x = torch.tensor(2.0, requires_grad=True)
y = torch.tensor(0.0, requires_grad=True)
u = x**y
u_x, u_y = torch.autograd.grad(u, (x, y), create_graph=True)
u_yx = torch.autograd.grad(u_y, x, retain_graph=True)[0].item()
u_xy = torch.autograd.grad(u_x, y)[0].item()
print("u_xy:", u_xy, "u_yx:", u_yx)
#> u_xy: 0.0 u_yx: 0.5
