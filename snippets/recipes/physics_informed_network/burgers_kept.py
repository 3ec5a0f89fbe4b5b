import torch

torch.set_default_dtype(torch.float64)
t = torch.tensor([0.2, 0.5, 0.8], requires_grad=True)
x = torch.tensor([-0.5, 0.1, 0.7], requires_grad=True)
w = torch.tensor([-0.9, 1.2, 0.4], requires_grad=True)
u = w[0] * torch.tanh(w[1] * x + w[2] * t)
u_t, u_x = torch.autograd.grad(u.sum(), (t, x), create_graph=True)
u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
loss = (u_t + u * u_x - 0.1 * u_xx).pow(2).mean()
dL_dw = torch.autograd.grad(loss, w)[0]
print([round(value, 4) for value in dL_dw.tolist()])
#> [-0.3645, 0.0226, 0.2815]
