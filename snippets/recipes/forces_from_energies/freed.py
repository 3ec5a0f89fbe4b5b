# right: recipes/forces_from_energies/kept.py
import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([0.0, 0.9, 2.3], requires_grad=True)  # three atoms on a line
w = torch.tensor([1.5, 0.8, -0.5], requires_grad=True)
r = torch.stack([x[1] - x[0], x[2] - x[1], x[2] - x[0]])
E = (w[0] * torch.tanh(w[1] * r + w[2])).sum()
F = -torch.autograd.grad(E, x)[0]
E_true, F_true = 1.0, torch.tensor([1.0, -0.5, -0.5])
loss = (E - E_true) ** 2 + (F - F_true).pow(2).sum()
dL_dw = torch.autograd.grad(loss, w)[0]
#! RuntimeError: Trying to backward through the graph a second time ...
