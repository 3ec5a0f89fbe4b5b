# right: pitfalls/checkpointing/not_reentrant.py
import torch
from torch.utils.checkpoint import checkpoint

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([0.5, -1.0], requires_grad=True)
y = checkpoint(lambda x: (w * x).tanh().sum(), x)
#! UserWarning: torch.utils.checkpoint: the use_reentrant parameter should be passed
#!   explicitly. Starting in PyTorch 2.9, calling checkpoint without use_reentrant will
#!   raise an exception. use_reentrant=False is recommended, but if you need to preserve the
#!   current default behavior, you can pass use_reentrant=True. Refer to docs for more
#!   details on the differences between the two variants.
torch.autograd.grad(y, x)
#! RuntimeError: When use_reentrant=True, torch.utils.checkpoint is incompatible with
#!   .grad() or passing an `inputs` parameter to .backward(). To resolve this error, you can
#!   either set use_reentrant=False, or call .backward() without passing the `inputs`
#!   argument.
