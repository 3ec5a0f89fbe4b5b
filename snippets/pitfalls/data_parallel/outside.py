# right: pitfalls/data_parallel/inside.py
import torch
from torch import nn


class Replicas(nn.Module):
    """What DataParallel does to tensors: scatter, call, gather."""

    def __init__(self, module, count=2):
        super().__init__()
        self.module, self.count = module, count

    def forward(self, x):
        parts = [self.module(part) for part in x.chunk(self.count)]
        return tuple(torch.cat(outputs) for outputs in zip(*parts))


# --8<-- [start:outside]
class Generator(nn.Linear):
    def forward(self, noise):
        latents = noise.tanh()
        return super().forward(latents), latents


net = Replicas(Generator(3, 2))
images, latents = net(torch.randn(4, 3, requires_grad=True))
torch.autograd.grad(images.sum(), latents, create_graph=True)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have
#!   been used in the graph. Set allow_unused=True if this is the desired
#!   behavior.
# --8<-- [end:outside]
