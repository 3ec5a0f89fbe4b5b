import torch

torch.set_default_dtype(torch.float64)
x, y = torch.tensor([-1.0, 0.5, 2.0]), torch.tensor([-1.5, 1.0, 1.5])  # to adapt
x_new, y_new = torch.tensor([-2.0, 1.0]), torch.tensor([-2.0, 1.0])  # to judge
start = torch.tensor([1.0, 0.5], requires_grad=True)

L = (start[0] * torch.tanh(start[1] * x) - y).pow(2).mean()
step = torch.autograd.grad(L, start, create_graph=True)[0]
adapted = start - 0.7 * step
J = (adapted[0] * torch.tanh(adapted[1] * x_new) - y_new).pow(2).mean()
dJ_dstart = torch.autograd.grad(J, start)[0]
print([round(value, 4) for value in dJ_dstart.tolist()])
#> [-0.0344, -0.1502]
