import warnings

import torch
from torch.func import hessian, vmap

# Forward mode says at its first use that torch.jit.script is deprecated.
warnings.simplefilter("ignore", DeprecationWarning)

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(2, 4), torch.nn.PReLU(), torch.nn.Linear(4, 1)
)
x = torch.randn(3, 2)


def f(x):
    return net(x).square().squeeze()


vmap(hessian(f))(x)
#! RuntimeError: Trying to set a forward gradient that has a different size
#!   than that of the original Tensor, this is not supported. Tensor is of
#!   size [3, 4] while the given forward gradient is of size [1, 4].
