import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
tokens = torch.tensor([[1, 2, 3]])
# --8<-- [start:adapter]
embedding = nn.Embedding(10, 8).requires_grad_(False)
block = nn.Sequential(nn.Linear(8, 8), nn.Tanh())  # the part that is trained
hidden = embedding(tokens)
# --8<-- [mark]
hidden = checkpoint(block, hidden, use_reentrant=False)
hidden.pow(2).mean().backward()
lost = [p for p in block.parameters() if p.grad is None]
print("weights without a gradient:", len(lost))
#> weights without a gradient: 0
# --8<-- [end:adapter]
