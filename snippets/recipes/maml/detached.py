# right: recipes/maml/kept.py
import torch

torch.set_default_dtype(torch.float64)
x, y = torch.tensor([-1.0, 0.5, 2.0]), torch.tensor([-1.5, 1.0, 1.5])
x_new, y_new = torch.tensor([-2.0, 1.0]), torch.tensor([-2.0, 1.0])
start = torch.tensor([1.0, 0.5], requires_grad=True)

L = (start[0] * torch.tanh(start[1] * x) - y).pow(2).mean()
step = torch.autograd.grad(L, start)[0]
adapted = (start - 0.7 * step).detach().requires_grad_()
J = (adapted[0] * torch.tanh(adapted[1] * x_new) - y_new).pow(2).mean()
J.backward(retain_graph=True)
print("start.grad:", start.grad)
#> start.grad: None
dJ_dstart = torch.autograd.grad(J, start)[0]
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
