# right: pitfalls/checkpointing/not_reentrant.py
import torch
from torch.utils.checkpoint import checkpoint

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([0.5, -1.0], requires_grad=True)
y = checkpoint(lambda x: (w * x).tanh().sum(), x, use_reentrant=True)
torch.autograd.grad(y, x)
#! RuntimeError: When use_reentrant=True, torch.utils.checkpoint is incompatible with
#!   .grad() or passing an `inputs` parameter to .backward(). To resolve this error, you can
#!   either set use_reentrant=False, or call .backward() without passing the `inputs`
#!   argument.
