# right: pitfalls/mixed_precision/rows_right.py
import torch
from torch import nn
from torch.func import jacrev

net = nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.Linear(8, 2))
x = torch.randn(3, 4)
with torch.autocast("cpu", dtype=torch.bfloat16):
    jacrev(net)(x)
#! RuntimeError: expected scalar type BFloat16 but found Float
