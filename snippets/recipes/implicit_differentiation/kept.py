import torch

x, y = torch.tensor([-1.0, 0.5, 2.0]), torch.tensor([-1.5, 1.0, 1.5])  # to train on
x_new, y_new = torch.tensor([-2.0, 1.0]), torch.tensor([-1.0, 1.0])  # to judge by
rho = torch.tensor(0.0, requires_grad=True)  # logarithm of the penalty
w = ((x @ y) / (x @ x + rho.exp())).detach().requires_grad_()  # the minimum

loss = (w * x - y).pow(2).sum() / 2 + rho.exp() * w**2 / 2
(g,) = torch.autograd.grad(loss, w, create_graph=True)
(dV_dw,) = torch.autograd.grad((w * x_new - y_new).pow(2).sum() / 2, w)
(H,) = torch.autograd.grad(g, w, retain_graph=True)
(dg_drho,) = torch.autograd.grad(g, rho)
dV_drho = (-dV_dw / H * dg_drho).item()
print(f"{dV_drho:.4f}")
#> -0.1280
