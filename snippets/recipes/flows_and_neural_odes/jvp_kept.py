import torch

w = torch.tensor(0.7, requires_grad=True)
t = torch.tensor(0.5)


def u(t):
    return torch.exp(-w * t)


value, du_dt = torch.func.jvp(u, (t,), (torch.ones(()),))
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
loss = (du_dt + 2 * value).pow(2)  # du/dt = -2 u, where w is 2
(dL_dw,) = torch.autograd.grad(loss, w)
print(round(dL_dw.item(), 3))
#> -2.13
