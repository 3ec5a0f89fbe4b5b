import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
x = torch.rand(32, 2)
y = 2 * x[:, :1]


# --8<-- [start:loss]
def perturbed(x):
    return (x + 0.1 * torch.randn_like(x)).requires_grad_()


def penalized(net, x, y):
    # --8<-- [mark]
    x = perturbed(x)
    output = net(x)
    slope = torch.autograd.grad(
        output.sum(),
        x,
        create_graph=True,
    )[0]
    penalty = slope.flatten(1).pow(2).sum(dim=1).mean()
    return ((output - y) ** 2).mean() + penalty


# --8<-- [end:loss]
for _ in range(200):
    loss = penalized(net, x, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

x.requires_grad_()
slope = torch.autograd.grad(net(x).sum(), x)[0]
held = slope.pow(2).sum(dim=1).mean().item() < 2
print("the penalty made the network flatter:", held)
#> the penalty made the network flatter: True
