import torch

x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
k = torch.tensor(0.5, requires_grad=True)

E = k * x**2 / 2
s = -torch.autograd.grad(E.sum(), x, create_graph=True)[0]
(s_x,) = torch.autograd.grad(s.sum(), x, create_graph=True)
J = (s_x + s**2 / 2).mean()
dJ_dk = torch.autograd.grad(J, k)[0].item()
print(f"J = {J.item():.4f}, dJ_dk = {dJ_dk:.4f}")
#> J = -0.2917, dJ_dk = -0.1667
