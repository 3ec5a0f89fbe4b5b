import copy

import torch
from torch.autograd import gradgradcheck
from torch.func import functional_call

net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh())
x = torch.tensor([[0.3, -0.7]], dtype=torch.float64, requires_grad=True)
precise = copy.deepcopy(net).double()
passes = gradgradcheck(precise, x)
print("passes:", passes, "net is still", next(net.parameters()).dtype)
#> passes: True net is still torch.float32
names, weights = zip(*precise.named_parameters())


def with_weights(x, *weights):
    return functional_call(precise, dict(zip(names, weights)), (x,))


in_weights = gradgradcheck(with_weights, (x, *weights))
print("with respect to the weights too:", in_weights)
#> with respect to the weights too: True
