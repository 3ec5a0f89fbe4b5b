# wrong: as_the_loop is False, the answer is True
# right: pitfalls/per_sample_penalty/critic_right.py
import torch
from torch import nn

torch.manual_seed(0)
critic = nn.Sequential(
    nn.Conv2d(1, 4, 3), nn.SiLU(), nn.Flatten(), nn.Linear(16, 1)
)


# --8<-- [start:penalty]
def gradient_penalty(critic, real, fake):
    eps = torch.rand(len(real), 1, 1, 1)
    x = (eps * real + (1 - eps) * fake).requires_grad_()
    # --8<-- [mark]
    D = critic(x).mean()
    slope = torch.autograd.grad(D, x, create_graph=True)[0]
    # --8<-- [mark]
    length = slope.norm(2, dim=1)
    return ((length - 1) ** 2).mean()


# --8<-- [end:penalty]
def one_by_one(critic, real, fake):
    eps = torch.rand(len(real), 1, 1, 1)
    penalties = []
    for x in (eps * real + (1 - eps) * fake).split(1):
        x = x.requires_grad_()
        slope = torch.autograd.grad(critic(x), x, create_graph=True)[0]
        penalties.append((torch.linalg.vector_norm(slope) - 1) ** 2)
    return torch.stack(penalties).mean()


def gradient(penalty):
    torch.manual_seed(1)
    P = penalty(critic, real, fake)
    return torch.autograd.grad(P, critic[0].weight)[0]


real, fake = torch.randn(8, 1, 4, 4), torch.randn(8, 1, 4, 4)
one_pass, loop = gradient(gradient_penalty), gradient(one_by_one)
as_the_loop = torch.allclose(one_pass, loop, rtol=1e-4, atol=1e-6)
print("the same as one sample at a time:", as_the_loop)
#> the same as one sample at a time: False
