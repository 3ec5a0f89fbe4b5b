import torch
from torch import nn


class Critic(nn.Linear):
    def forward(self, x):
        x = x.to(self.weight.dtype)
        return super().forward(x)


critic = Critic(2, 1)
# What DataParallel does for each device: new tensors instead of parameters.
replica = critic._replicate_for_data_parallel()
replica.weight, replica.bias = critic.weight * 1, critic.bias * 1
(g,) = torch.autograd.grad(replica(torch.ones(1, 2)), critic.weight)
print("gradient of the original:", g.tolist())
#> gradient of the original: [[1.0, 1.0]]
