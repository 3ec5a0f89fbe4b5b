import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(16, 2, requires_grad=True)


# --8<-- [start:add]
def add_gradients(params, grads):
    """Do what backward() does with gradients that autograd.grad returned."""
    for p, g in zip(params, grads):
        if g is not None:
            p.grad = g.detach() if p.grad is None else p.grad + g.detach()


optimizer.zero_grad()  # every .grad is None now
for part in x.split(4):
    slope = torch.autograd.grad(net(part).sum(), part, create_graph=True)[0]
    penalty = slope.square().sum() / len(x)
    params = list(net.parameters())
    grads = torch.autograd.grad(penalty, params, allow_unused=True)
    add_gradients(params, grads)
optimizer.step()
# --8<-- [end:add]
norm = net[0].weight.grad.norm().item()
print(f"{norm:.4f}")
#> 0.1111
