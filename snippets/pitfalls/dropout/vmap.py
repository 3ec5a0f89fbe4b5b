# right: pitfalls/dropout/vmap_different.py
import torch
from torch.func import grad, vmap


def u(sample):
    return torch.nn.functional.dropout(sample**3, p=0.5).sum()


x = torch.ones(100, 2)
vmap(grad(u))(x)
#! RuntimeError: vmap: called random operation while in randomness error
#!   mode. Please either use the 'same' or 'different' randomness flags on
#!   vmap or perform the randomness operation out of vmap
