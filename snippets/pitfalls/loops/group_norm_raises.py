# right: pitfalls/loops/group_norm_right.py
import torch
from torch import nn

x = torch.randn(3, 8, requires_grad=True)
y = nn.GroupNorm(1, 8)(x).tanh()
vectors = torch.randn(6, 3, 8)
torch.autograd.grad(
    y, x, vectors, is_grads_batched=True, create_graph=True
)
#! RuntimeError: The size of tensor a (3) must match the size of tensor b
#!   (8) at non-singleton dimension 3
