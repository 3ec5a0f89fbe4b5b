import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
nn.init.zeros_(critic[2].weight)
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
real, fake = torch.randn(8, 2) + 2, torch.randn(8, 2)
# --8<-- [start:step]
x = (0.5 * (real + fake)).requires_grad_()
D = critic(x).sum()
slope = torch.autograd.grad(D, x, create_graph=True)[0]
# --8<-- [mark]
length = torch.linalg.vector_norm(slope, dim=1)
penalty = (length - 1).pow(2).mean()
loss = (critic(fake) - critic(real)).mean() + 10 * penalty
optimizer.zero_grad()
loss.backward()
optimizer.step()
# --8<-- [end:step]
finite = all(p.isfinite().all().item() for p in critic.parameters())
print(f"loss: {loss.item():.3f}, weights are finite: {finite}")
#> loss: 10.000, weights are finite: True
