import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 4))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
x = torch.randn(8, 2)


# --8<-- [start:loss]
def spread_loss(net, x):
    x = x.detach().requires_grad_()
    features = net(x)
    # --8<-- [mark]
    spread = torch.cdist(
        features,
        features,
        compute_mode="use_mm_for_euclid_dist",
    ).mean()
    slope = torch.autograd.grad(spread, x, create_graph=True)[0]
    return slope.square().sum() - spread


# --8<-- [end:loss]
losses = []
for _ in range(20):
    loss = spread_loss(net, x)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(f"loss: {losses[0]:.2f}, after 20 steps: {losses[-1]:.2f}")
#> loss: -0.44, after 20 steps: -2.79
