# right: recipes/forces_from_energies/forces_only.py
import torch

torch.set_default_dtype(torch.float64)
x = torch.tensor([0.0, 0.9, 2.3], requires_grad=True)  # three atoms on a line
w = torch.tensor([1.5, 0.8, -0.5], requires_grad=True)
r = torch.stack([x[1] - x[0], x[2] - x[1], x[2] - x[0]])
E = (w[0] * torch.tanh(w[1] * r + w[2])).sum()
F = -torch.autograd.grad(E, x)[0]
F_true = torch.tensor([1.0, -0.5, -0.5])
loss = (F - F_true).pow(2).sum()
dL_dw = torch.autograd.grad(loss, w)[0]
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
