import torch
from torch import nn
from torch.func import jacrev

torch.manual_seed(0)
norm = nn.BatchNorm1d(3, track_running_stats=False)
net = nn.Sequential(nn.Linear(2, 3), norm, nn.Linear(3, 1))
X = torch.randn(4, 2)
J = jacrev(lambda X: net(X).squeeze(-1))(X)
mixed = J[~torch.eye(4, dtype=torch.bool)]
print("samples mix:", bool(mixed.abs().max() > 1e-3))
#> samples mix: True
