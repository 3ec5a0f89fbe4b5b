import torch
from torch import nn

linear = nn.Linear(2, 1, bias=False)
nn.init.ones_(linear.weight)
x = torch.tensor([1.0, 2.0], requires_grad=True)
seen = []
x.register_hook(lambda grad: seen.append(("tensor", grad.requires_grad)))
linear.register_full_backward_hook(
    lambda module, gi, go: seen.append(("module", go[0].requires_grad))
)
linear.weight.register_post_accumulate_grad_hook(
    lambda weight: seen.append(("accumulated", weight.grad.requires_grad))
)
g = torch.autograd.grad(linear(x) ** 3, x, create_graph=True)[0]
first, seen[:] = list(seen), []
print("inner grad:", first)
#> inner grad: [('module', True), ('tensor', True)]
g.pow(2).sum().backward()
print("outer backward:", seen)
#> outer backward: [('accumulated', False), ('module', False), ('tensor', False)]
