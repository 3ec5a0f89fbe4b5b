import warnings

import torch
from torch.func import grad, hessian, jvp, vmap

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
A = torch.randn(3, 3)


# --8<-- [start:basis]
def f(x):
    return (A @ x).tanh().pow(3).sum()


def hessian_on(basis, x):
    """The rows of the Hessian, from unit vectors that exist already."""
    return vmap(lambda v: jvp(grad(f), (x,), (v,))[1])(basis)


x = torch.randn(3)
basis = torch.eye(3)  # on the device of x, made before the capture
H = hessian_on(basis, x)
# --8<-- [end:basis]
print(torch.allclose(H, hessian(f)(x), atol=1e-6))
#> True
