import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(4, 3, dtype=torch.complex64)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
z = torch.randn(8, 4, dtype=torch.complex64)
target = torch.randn(8, 3, dtype=torch.complex64)


# --8<-- [start:loss]
def smooth_loss(net, z, target):
    z = z.detach().requires_grad_()
    error = torch.view_as_real(net(z) - target)
    loss = error.pow(2).sum() / len(z)
    slope = torch.autograd.grad(loss, z, create_graph=True)[0]
    # --8<-- [mark]
    return loss + torch.view_as_real(slope).pow(2).sum()


# --8<-- [end:loss]
losses = []
for _ in range(20):
    loss = smooth_loss(net, z, target)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(f"loss: {losses[0]:.2f}, after 20 steps: {losses[-1]:.2f}")
#> loss: 5.86, after 20 steps: 2.33
