import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
x = torch.rand(32, 2)
y = 2 * x[:, :1]


# --8<-- [start:loss]
def penalized(net, x, y):
    losses, penalties = [], []
    for part, target in zip(x.chunk(2), y.chunk(2)):
        part = part.detach().requires_grad_()
        output = net(part)
        slope = torch.autograd.grad(
            output.sum(),
            part,
            create_graph=True,
        )[0]
        losses.append(((output - target) ** 2).mean())
        penalties.append(slope.flatten(1).pow(2).sum(dim=1).mean())
    # --8<-- [mark]
    penalty = torch.stack(penalties).mean()
    return torch.stack(losses).mean() + penalty


for _ in range(200):
    loss = penalized(net, x, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
# --8<-- [end:loss]

x.requires_grad_()
slope = torch.autograd.grad(net(x).sum(), x)[0]
held = slope.pow(2).sum(dim=1).mean().item() < 2
print("the penalty made the network flatter:", held)
#> the penalty made the network flatter: True
