# wrong: u_xx is [-0.84, -0.91], the derivative is [-84.15, -90.93]
# right: pitfalls/unused_input/not_scaled.py
import torch

x = torch.tensor([0.1, 0.2], dtype=torch.float64, requires_grad=True)
z = 10 * x  # what the network sees
u = z.sin()
u_x = torch.autograd.grad(u.sum(), z, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), z)[0]
print("u_xx:", u_xx.numpy().round(2))
#> u_xx: [-0.84 -0.91]
