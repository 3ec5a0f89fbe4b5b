import torch
from torch import nn
from torch.func import functional_call, grad, vmap

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 1)).double()
# Four tasks with five points each to adapt to, and five to judge by.
x, y, x_new, y_new = torch.randn(4, 4, 5, 1, dtype=torch.float64)


# --8<-- [start:nested]
def loss(weights, x, y):
    return (functional_call(net, weights, (x,)) - y).square().mean()


def adapt(weights, x, y, steps=3, rate=0.1):
    for _ in range(steps):
        g = grad(loss)(weights, x, y)
        weights = {name: w - rate * g[name] for name, w in weights.items()}
    return weights


def judge(weights, x, y, x_new, y_new):  # of one task
    return loss(adapt(weights, x, y), x_new, y_new)


def outer(weights):  # of all tasks at once
    tasks = vmap(judge, in_dims=(None, 0, 0, 0, 0))
    return tasks(weights, x, y, x_new, y_new).mean()


weights = dict(net.named_parameters())
gradients = grad(outer)(weights)
# --8<-- [end:nested]
slope = sum(g.sum() for g in gradients.values()).item()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
for name, weight in weights.items():
    weight.grad = gradients[name].detach()
optimizer.step()

# The same with `create_graph=True`, task by task.
weights = dict(net.named_parameters())
total = 0
for task in range(4):
    fast = weights
    for _ in range(3):
        inner = loss(fast, x[task], y[task])
        g = torch.autograd.grad(inner, fast.values(), create_graph=True)
        fast = {n: w - 0.1 * s for (n, w), s in zip(fast.items(), g)}
    total = total + loss(fast, x_new[task], y_new[task]) / 4
wanted = torch.autograd.grad(total, weights.values())
again = grad(outer)(weights)
print(all(torch.allclose(a, b) for a, b in zip(again.values(), wanted)))
#> True
