import torch

x, y = torch.tensor([-1.0, 0.5, 2.0]), torch.tensor([-1.5, 1.0, 1.5])  # to train on
x_new, y_new = torch.tensor([-2.0, 1.0]), torch.tensor([-1.0, 1.0])  # to judge by
rho = torch.tensor(0.0, requires_grad=True)  # logarithm of the penalty

w = torch.tensor(0.0, requires_grad=True)
for _ in range(20):
    loss = (w * x - y).pow(2).sum() / 2 + rho.exp() * w**2 / 2
    (g,) = torch.autograd.grad(loss, w, create_graph=True)
    w = w - 0.1 * g
V = (w * x_new - y_new).pow(2).sum() / 2
V.backward()
dV_drho = rho.grad and rho.grad.item()
print(dV_drho and round(dV_drho, 4))
#> -0.128
