import torch
from torch import nn
from torch.func import jacrev, vmap

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 3))
x, y = torch.randn(4, 2), torch.randn(4, 3)


# --8<-- [start:rows]
def by_rows(net, x, y):
    x = x.detach().requires_grad_()
    output = net(x)
    rows = [
        torch.autograd.grad(column.sum(), x, create_graph=True)[0]
        for column in output.unbind(1)
    ]
    penalty = torch.stack(rows, dim=1).pow(2).sum() / len(x)
    return ((output - y) ** 2).mean() + penalty


# --8<-- [end:rows]
# --8<-- [start:batched]
def by_batch(net, x, y):
    x = x.detach().requires_grad_()
    output = net(x)
    v = torch.eye(output.shape[1]).to(output)
    rows = torch.autograd.grad(
        output,
        x,
        grad_outputs=v[:, None].expand(-1, len(x), -1),
        is_grads_batched=True,
        create_graph=True,
    )[0]
    penalty = rows.pow(2).sum() / len(x)
    return ((output - y) ** 2).mean() + penalty


# --8<-- [end:batched]
# --8<-- [start:vmap]
def by_vmap(net, x, y):
    jacobian = vmap(jacrev(lambda sample: net(sample[None])[0]))(x)
    penalty = jacobian.pow(2).sum() / len(x)
    return ((net(x) - y) ** 2).mean() + penalty


# --8<-- [end:vmap]
# --8<-- [start:same]
for loss in (by_rows, by_batch, by_vmap):
    net.zero_grad()
    total = loss(net, x, y)
    total.backward()
    length = net[0].weight.grad.norm()
    print(f"{loss.__name__}: {total:.4f}, gradient {length:.4f}")
#> by_rows: 1.3346, gradient 0.8322
#> by_batch: 1.3346, gradient 0.8322
#> by_vmap: 1.3346, gradient 0.8322
# --8<-- [end:same]
