import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 16), nn.SiLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
x = torch.randn(8, 2, requires_grad=True)
plain = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
exact = plain.norm(dim=1)
exact_penalty = (exact - 1).pow(2).mean()
total = 10 * exact_penalty - critic(x).mean()
wanted = torch.autograd.grad(total, critic[0].weight)[0]
# --8<-- [start:step]
with torch.autocast("cpu", dtype=torch.bfloat16):
    score = critic(x).sum()
scaled = torch.autograd.grad(scaler.scale(score), x, create_graph=True)
# --8<-- [mark]
slope = scaled[0] / scaler.get_scale()
penalty = (slope.float().norm(dim=1) - 1).pow(2).mean()
loss = 10 * penalty - score.float() / 8
optimizer.zero_grad()
scaler.scale(loss).backward()
scaler.step(optimizer)
scaler.update()
# --8<-- [end:step]
found = critic[0].weight.grad
agrees = ((found - wanted).norm() / wanted.norm()).item() < 0.1
print("the gradient is that of a run without scaling:", agrees)
#> the gradient is that of a run without scaling: True
