# right: pitfalls/optimizer_step/replica_right.py
import torch
from torch import nn


class Critic(nn.Linear):
    def forward(self, x):
        x = x.to(next(self.parameters()).dtype)
        return super().forward(x)


critic = Critic(2, 1)
replica = critic._replicate_for_data_parallel()
print("parameters:", len(list(critic.parameters())))
#> parameters: 2
print("parameters of a replica:", len(list(replica.parameters())))
#> parameters of a replica: 0
replica(torch.ones(1, 2))
#! StopIteration
