# right: pitfalls/second_time/critic_right.py
import torch
from torch import nn

torch.manual_seed(0)
generator = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
critic = nn.Sequential(nn.Linear(2, 16), nn.SiLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
real, noise = torch.randn(64, 2), torch.randn(64, 2)


def gradient_penalty(critic, x):
    x = x.requires_grad_()
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    return ((slope.norm(dim=1) - 1) ** 2).mean()


# --8<-- [start:steps]
# --8<-- [mark]
fake = generator(noise)
losses = []
for _ in range(5):
    loss = (critic(fake) - critic(real)).mean()
    loss = loss + 10 * gradient_penalty(critic, (real + fake) / 2)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
#! RuntimeError: Trying to backward through the graph a second time ...
# --8<-- [end:steps]
