import torch
from torch import nn

torch.manual_seed(0)
first, last = nn.Linear(1, 8).double(), nn.Linear(8, 1).double()
x = torch.linspace(-1, 1, 5, dtype=torch.float64).reshape(-1, 1)
x.requires_grad_()
u = last(torch.relu(first(x)) ** 2)
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
residual = (u_xx + 1).pow(2).mean()
parameters = first.weight, first.bias, last.weight
slopes = torch.autograd.grad(residual, parameters)
lengths = [round(slope.norm().item(), 4) for slope in slopes]
print("weight, bias, last weight:", lengths)
#> weight, bias, last weight: [1.7071, 0.0, 2.515]
