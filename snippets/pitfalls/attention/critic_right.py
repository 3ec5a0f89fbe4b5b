import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
critic = nn.Sequential(layer, nn.Flatten(), nn.Linear(3 * 8, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-2)
real, fake = torch.randn(2, 16, 3, 8)


# --8<-- [start:loss]
def critic_loss(critic, real, fake):
    x = real.detach().requires_grad_()
    # --8<-- [mark]
    with sdpa_kernel(SDPBackend.MATH):
        score = critic(x)
    slope = torch.autograd.grad(score.sum(), x, create_graph=True)[0]
    penalty = slope.square().flatten(1).sum(dim=1).mean()
    return (critic(fake) - score).mean() + 5 * penalty


# --8<-- [end:loss]
losses = []
for _ in range(20):
    loss = critic_loss(critic, real, fake)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(f"loss: {losses[0]:.2f}, after 20 steps: {losses[-1]:.2f}")
#> loss: 2.53, after 20 steps: -0.20
