import torch
from torch import nn

linear = nn.Linear(2, 1)
x = torch.tensor([1.0, 2.0], requires_grad=True)
for name, function in (("2 h", lambda h: 2 * h), ("h cubed", lambda h: h**3)):
    calls = []
    hook = linear.register_full_backward_hook(lambda *_, calls=calls: calls.append(1))
    g = torch.autograd.grad(function(linear(x)).sum(), x, create_graph=True)[0]
    g.pow(2).sum().backward()
    hook.remove()
    print(f"{name}: {len(calls)} calls")
#> 2 h: 1 calls
#> h cubed: 2 calls
