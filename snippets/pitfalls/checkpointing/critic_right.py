import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
body = nn.Sequential(
    nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh()
)
head = nn.Linear(16, 1)
real, fake = torch.randn(2, 8, 2)


# --8<-- [start:loss]
def critic(x):
    # --8<-- [mark]
    return head(checkpoint(body, x, use_reentrant=False))


# --8<-- [end:loss]
def critic_loss(critic, real, fake):
    x = (0.5 * (real + fake)).requires_grad_()
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
    return (critic(fake) - critic(real)).mean() + 10 * penalty


weights = list(body.parameters())
found = torch.autograd.grad(critic_loss(critic, real, fake), weights)
plain = lambda x: head(body(x))
wanted = torch.autograd.grad(critic_loss(plain, real, fake), weights)
same = [torch.allclose(a, b) for a, b in zip(found, wanted)]
print("as without a checkpoint:", all(same))
#> as without a checkpoint: True
