import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.SiLU(), nn.Linear(16, 1))
real, fake = torch.randn(2, 8, 2)
# --8<-- [start:loss]
critic = torch.compile(net, backend="aot_eager")


def critic_loss(critic, real, fake):
    x = (0.5 * (real + fake)).requires_grad_()
    # --8<-- [mark]
    score = net(x)  # the module that was compiled: critic._orig_mod
    slope = torch.autograd.grad(score.sum(), x, create_graph=True)[0]
    penalty = ((slope.norm(dim=1) - 1) ** 2).mean()
    return (critic(fake) - critic(real)).mean() + 10 * penalty


critic_loss(critic, real, fake).backward()
# --8<-- [end:loss]
print("one set of weights:", critic._orig_mod is net)
#> one set of weights: True
grads = [weight.grad.clone() for weight in net.parameters()]
net.zero_grad()
critic_loss(net, real, fake).backward()
same = [torch.allclose(a, b.grad) for a, b in zip(grads, net.parameters())]
print("as without a compiler:", all(same))
#> as without a compiler: True
