# wrong: meta_gradient is None, the gradient is 0.24
# right: pitfalls/replicas/functional.py
import copy

import torch

net = torch.nn.Linear(1, 1, bias=False).double()
torch.nn.init.constant_(net.weight, 3.0)
x = torch.ones(1, 1, dtype=torch.float64)
fast = copy.deepcopy(net)
step = torch.autograd.grad(fast(x).pow(2).sum(), fast.weight, create_graph=True)[0]
print("step requires grad:", step.requires_grad)
#> step requires grad: True
with torch.no_grad():
    fast.weight -= 0.4 * step
fast(x).pow(2).sum().backward()
meta_gradient = net.weight.grad
print("meta gradient:", meta_gradient)
#> meta gradient: None
