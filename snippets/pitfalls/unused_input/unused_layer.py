import torch
from torch import nn
from torch.func import functional_call


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(2, 3)
        self.head = nn.Linear(3, 1)
        self.pooler = nn.Linear(3, 3)  # for another task

    def forward(self, x):
        return self.head(self.body(x).tanh())


torch.manual_seed(0)
net = Net()
x, y = torch.randn(8, 2), torch.randn(8, 1)


# --8<-- [start:step]
def inner_step(loss, weights, rate, unused=()):
    """Step with all weights but those whose names begin like an unused one."""
    moving = {n: w for n, w in weights.items() if not n.startswith(unused)}
    grads = torch.autograd.grad(loss, moving.values(), create_graph=True)
    moved = {n: w - rate * g for (n, w), g in zip(moving.items(), grads)}
    return weights | moved


fast = dict(net.named_parameters())
for _ in range(2):
    loss = (functional_call(net, fast, (x,)) - y).square().mean()
    # --8<-- [mark]
    fast = inner_step(loss, fast, 0.1, unused=("pooler.",))
outer = (functional_call(net, fast, (x,)) - y).square().mean()
outer.backward()
missing = [n for n, p in net.named_parameters() if p.grad is None]
print(missing)
#> ['pooler.weight', 'pooler.bias']
# --8<-- [end:step]
gradient = net.body.weight.grad
