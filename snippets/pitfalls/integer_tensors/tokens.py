import torch
from torch import nn

torch.manual_seed(0)
embedding = nn.Embedding(100, 8)
net = nn.Sequential(nn.Flatten(), nn.Linear(24, 8), nn.Tanh(), nn.Linear(8, 1))
tokens = torch.tensor([[5, 17, 42], [3, 3, 8]])
# --8<-- [mark]
x = embedding(tokens)
slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
penalty = slope.flatten(1).pow(2).sum(dim=1).mean()
penalty.backward()
print("a slope for each token:", slope.shape[:2] == tokens.shape)
#> a slope for each token: True
