import torch
from torch import nn

linear = nn.Linear(2, 1, bias=False)
nn.init.ones_(linear.weight)
seen = []
linear.register_full_backward_hook(lambda m, gi, go: seen.append((gi[0].tolist(), go[0].tolist())))
x = torch.tensor([1.0, 2.0], requires_grad=True)
u = linear(x) ** 3
g = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
print("first pass:", *seen[-1])
#> first pass: [27.0, 27.0] [27.0]
g.pow(2).sum().backward()
print("second pass:", *seen[-1], "calls:", len(seen))
#> second pass: [1944.0, 1944.0] [1944.0] calls: 2
