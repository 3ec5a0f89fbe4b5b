import warnings

import torch
from torch import nn
from torch.func import jacfwd, jacrev

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
# --8<-- [start:hessian]
net = nn.Sequential(
    nn.Linear(3, 8), nn.Tanh(), nn.Dropout(), nn.Linear(8, 1)
)
gradient = jacrev(lambda x: net(x).sum())
symmetric = []
for randomness in ("same", "different"):
    H = jacfwd(gradient, randomness=randomness)(torch.ones(3))
    symmetric.append(torch.allclose(H, H.T, atol=1e-6))
    print(randomness, "symmetric:", symmetric[-1])
#> same symmetric: True
#> different symmetric: False
H = jacrev(gradient)(torch.ones(3))
twice_reverse = torch.allclose(H, H.T, atol=1e-6)
print("jacrev twice, symmetric:", twice_reverse)
#> jacrev twice, symmetric: True
# --8<-- [end:hessian]
