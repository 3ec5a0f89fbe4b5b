# wrong: loss is 0.196, the loss is 0.004
# right: recipes/physics_informed_network/column_target.py
import torch

x = torch.linspace(0, 1, 8)[:, None].requires_grad_()
w = torch.tensor(0.9, requires_grad=True)
u = w * x.square() / 2
f = torch.linspace(0, 1, 8)  # of the equation u_x = x

u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
residual = u_x - f
loss = residual.square().mean()
loss.backward()
print(tuple(residual.shape), f"dL/dw: {w.grad:.3f}")
#> (8, 8) dL/dw: 0.143
