import torch

torch.set_default_dtype(torch.float64)
t = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)
w = torch.tensor([-0.8, 0.6], requires_grad=True)
u = 1 + w[0] * torch.tanh(w[1] * t)
u_t = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
loss = (u_t + u).pow(2).mean()
dL_dw = torch.autograd.grad(loss, w)[0]
print([round(value, 4) for value in dL_dw.tolist()])
#> [0.4572, -0.36]
