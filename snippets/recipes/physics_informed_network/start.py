# wrong: dL_dw is nan, the gradient is 0.8906
# right: recipes/physics_informed_network/start_safe.py
import torch

t = torch.tensor([0.0, 0.5, 1.0], requires_grad=True)
w = torch.tensor(1.5, requires_grad=True)
u = torch.where(t > 0, w * torch.exp(-1 / t) / t.sqrt(), 0.0)
u_t = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
loss = (u_t + u).square().mean()
slope = torch.autograd.grad(loss, w)[0].item()
dL_dw = round(slope, 4)
print(dL_dw)
#> nan
