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


# --8<-- [start:inside]
class Generator(nn.Linear):
    def forward(self, noise):
        latents = noise.tanh().detach().requires_grad_()
        images = super().forward(latents).tanh()
        # --8<-- [mark]
        slope = torch.autograd.grad(
            images.sum(),
            latents,
            create_graph=True,
        )[0]
        return images, slope


torch.manual_seed(0)
module, noise = Generator(3, 2), torch.randn(4, 3)
found = []
for net in module, Replicas(module):
    images, slope = net(noise)
    penalty = slope.pow(2).sum(1).mean()
    found.append(torch.autograd.grad(penalty, module.weight)[0])
print("one and two give equal gradients:", torch.allclose(*found))
#> one and two give equal gradients: True
# --8<-- [end:inside]
