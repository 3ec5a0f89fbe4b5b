# right: pitfalls/in_place/gan_right.py
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
g_loss = -critic(fake).mean()

d_optimizer.zero_grad()
d_loss.backward()
# --8<-- [mark]
d_optimizer.step()

g_optimizer.zero_grad()
g_loss.backward()
#! RuntimeError: one of the variables needed for gradient computation has
#!   been modified by an inplace operation: [torch.FloatTensor [8, 1]],
#!   which is output 0 of AsStrided, is at version 2; expected version 1
#!   instead. Hint: enable anomaly detection to find the operation that
#!   failed to compute its gradient, with
#!   torch.autograd.set_detect_anomaly(True, check_nan=False).
# --8<-- [end:step]
