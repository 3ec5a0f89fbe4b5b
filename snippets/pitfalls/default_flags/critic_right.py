import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(nn.Linear(2, 16), nn.SiLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-2)


# --8<-- [start:loss]
def critic_loss(critic, real, fake):
    x = (0.5 * (real + fake)).requires_grad_()
    # --8<-- [mark]
    slope = torch.autograd.grad(
        critic(x).sum(),
        x,
        create_graph=True,
    )[0]
    penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
    return (critic(fake) - critic(real)).mean() + 10 * penalty


# --8<-- [end:loss]
for _ in range(100):
    real = torch.randn(64, 2) + torch.tensor([2.0, 0.0])
    fake = torch.randn(64, 2)
    loss = critic_loss(critic, real, fake)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

x = torch.randn(64, 2).requires_grad_()
slope = torch.autograd.grad(critic(x).sum(), x)[0]
held = slope.norm(dim=1).mean().item() < 2
print("the critic's slope was held near 1:", held)
#> the critic's slope was held near 1: True
