import torch
from torch import nn
from torch.func import functional_call

torch.manual_seed(0)
net = nn.Linear(2, 1)
x, y = torch.randn(8, 2), torch.randn(8, 1)
# --8<-- [start:inner]
fast = dict(net.named_parameters())
for _ in range(2):
    loss = (functional_call(net, fast, (x,)) - y).square().mean()
    grads = torch.autograd.grad(loss, fast.values(), create_graph=True)
    fast = {name: w - 0.1 * g for (name, w), g in zip(fast.items(), grads)}
# --8<-- [end:inner]
outer = (functional_call(net, fast, (x,)) - y).square().mean()
meta = torch.autograd.grad(outer, net.weight)[0]
print([round(entry, 4) for entry in meta[0].tolist()])
#> [-0.1476, -0.2037]
