import copy

import torch

net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh())
x = torch.tensor([[0.3, -0.7]])
precise = copy.deepcopy(net).double()
passes = torch.autograd.gradgradcheck(precise, x.double().requires_grad_())
print("passes:", passes, "net is still", next(net.parameters()).dtype)
#> passes: True net is still torch.float32
