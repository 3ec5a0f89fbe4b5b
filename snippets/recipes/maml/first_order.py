import torch

torch.set_default_dtype(torch.float64)
x, y = torch.tensor([-1.0, 0.5, 2.0]), torch.tensor([-1.5, 1.0, 1.5])
x_new, y_new = torch.tensor([-2.0, 1.0]), torch.tensor([-2.0, 1.0])
start = torch.tensor([1.0, 0.5], requires_grad=True)

L = (start[0] * torch.tanh(start[1] * x) - y).pow(2).mean()
step = torch.autograd.grad(L, start)[0]
adapted = (start - 0.7 * step).detach().requires_grad_()
J = (adapted[0] * torch.tanh(adapted[1] * x_new) - y_new).pow(2).mean()
dJ_dadapted = torch.autograd.grad(J, adapted)[0]
print([round(value, 4) for value in dJ_dadapted.tolist()])
#> [-0.1167, 0.1141]
