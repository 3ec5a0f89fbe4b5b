# right: pitfalls/cut_in_the_middle/carried_right.py
import torch
from torch import nn

torch.manual_seed(0)
generator = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
optimizer = torch.optim.Adam(generator.parameters(), lr=1e-2)


def path_lengths(generator):
    noise = torch.randn(32, 2).requires_grad_()
    image = generator(noise)
    slope = torch.autograd.grad(
        (image * torch.randn_like(image)).sum(), noise, create_graph=True
    )[0]
    return slope.norm(dim=1)


# --8<-- [start:loop]
mean = torch.zeros(())
for _ in range(3):
    lengths = path_lengths(generator)
    current = mean + 0.1 * (lengths.mean() - mean)
    penalty = (lengths - current).pow(2).mean()
    optimizer.zero_grad()
    penalty.backward()
    optimizer.step()
    # --8<-- [mark]
    mean = current
#! RuntimeError: Trying to backward through the graph a second time ...
# --8<-- [end:loop]
