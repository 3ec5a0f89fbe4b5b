# right: pitfalls/dropout/gradgradcheck_seeded.py
import torch
from torch.nn.functional import dropout
from torch.utils.checkpoint import checkpoint

x = torch.linspace(1.0, 2.0, 8, dtype=torch.float64, requires_grad=True)


def f(x):
    torch.manual_seed(0)
    return checkpoint(
        lambda x: dropout(x**3, p=0.5),
        x,
        use_reentrant=False,
        preserve_rng_state=False,
    )


torch.autograd.gradcheck(f, x)
#! torch.autograd.gradcheck.GradcheckError: Backward is not reentrant, i.e.,
#!   running backward with same input and grad_output multiple times gives
#!   different values, although analytical gradient matches numerical
#!   gradient.The tolerance for nondeterminism was 0.0. ...
