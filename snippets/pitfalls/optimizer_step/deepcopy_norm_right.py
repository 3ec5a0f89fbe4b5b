import copy

import torch
from torch import nn
from torch.nn.utils import parametrizations

critic = parametrizations.spectral_norm(nn.Linear(2, 1))
critic(torch.ones(1, 2))
twin = copy.deepcopy(critic)

critic.eval(), twin.eval()
x = torch.ones(1, 2)
print("equal outputs:", torch.equal(critic(x), twin(x)))
#> equal outputs: True
print("equal weights in memory:", critic.weight is twin.weight)
#> equal weights in memory: False
