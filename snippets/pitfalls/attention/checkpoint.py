# right: pitfalls/attention/checkpoint_right.py
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
x = torch.randn(2, 4, 8, requires_grad=True)
# --8<-- [start:loss]
with sdpa_kernel(SDPBackend.MATH):
    y = checkpoint(layer, x, use_reentrant=False).pow(3).sum()
slope = torch.autograd.grad(y, x, create_graph=True)[0]
#! torch.utils.checkpoint.CheckpointError: torch.utils.checkpoint: Recomputed values for
#!   the following tensors have different metadata than during the forward pass. ...
# --8<-- [end:loss]
