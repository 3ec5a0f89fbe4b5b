import torch

torch.set_default_dtype(torch.float64)
t = (2 * torch.pi * torch.arange(8) / 8).requires_grad_()  # one period
w = torch.tensor(1.0, requires_grad=True)
u = w * torch.sin(3 * t)
u_t = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
u_tt = torch.autograd.grad(u_t.sum(), t, create_graph=True)[0]
loss = (u_tt + 4 * u).pow(2).mean()
dL_dw = torch.autograd.grad(loss, w)[0].item()
print(round(dL_dw, 10))
#> 25.0
