# right: pitfalls/checkpointing/critic_right.py
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
    return head(checkpoint(body, x, use_reentrant=True))


def critic_loss(real, fake):
    x = (0.5 * (real + fake)).requires_grad_()
    slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
    penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
    return (critic(fake) - critic(real)).mean() + 10 * penalty


critic_loss(real, fake).backward()
#! RuntimeError: When use_reentrant=True, torch.utils.checkpoint is incompatible with
#!   .grad() or passing an `inputs` parameter to .backward(). To resolve this error, you can
#!   either set use_reentrant=False, or call .backward() without passing the `inputs`
#!   argument.
# --8<-- [end:loss]
