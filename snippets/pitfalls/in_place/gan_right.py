import torch
from torch import nn

torch.manual_seed(0)
generator = nn.Linear(2, 2)
critic = nn.Sequential(nn.Linear(2, 8), nn.SiLU(), nn.Linear(8, 1))
g_optimizer = torch.optim.Adam(generator.parameters(), lr=1e-3)
d_optimizer = torch.optim.Adam(critic.parameters(), lr=1e-3)
real, noise = torch.randn(16, 2), torch.randn(16, 2)


def critic_loss(critic, real, fake):
    x = (0.5 * (real + fake)).requires_grad_()
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
    return (critic(fake) - critic(real)).mean() + 10 * penalty


# --8<-- [start:step]
fake = generator(noise)
d_loss = critic_loss(critic, real, fake.detach())

d_optimizer.zero_grad()
d_loss.backward()
d_optimizer.step()

# --8<-- [mark]
g_loss = -critic(fake).mean()
g_optimizer.zero_grad()
g_loss.backward()
g_optimizer.step()
# --8<-- [end:step]
gradient = generator.weight.grad
print("the generator has a gradient:", gradient.any().item())
#> the generator has a gradient: True
