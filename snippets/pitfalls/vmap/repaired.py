import warnings

import torch
from torch.func import grad, hessian, jacrev, vmap
from torch.nn.functional import softsign

warnings.simplefilter("ignore", DeprecationWarning)


def straight_through(x):
    return ((x.round() - x).detach() + x) ** 3


def residual(A, a, b):
    return ((a @ A.T - b) ** 2).sum()


torch.manual_seed(0)
A, a, b = torch.randn(8, 2, 2), torch.randn(8, 4, 2), torch.randn(8, 4, 2)
batched = vmap(hessian(residual))(A, a, b)
z = torch.tensor([0.5 + 1j, -2 - 1j], dtype=torch.complex128)
z.requires_grad_()
checks = {
    "#353": grad(grad(straight_through))(torch.tensor(1.3)).item() == 6,
    "#597": torch.allclose(
        batched, vmap(jacrev(jacrev(residual)))(A, a, b), atol=1e-5
    ),
    "#501": vmap(hessian(torch.trace))(A).abs().max().item() == 0,
    "#94925": jacrev(lambda x: torch.roll(x, 1))(A[0, 0, 0]).item() == 1,
    "#80926": torch.autograd.gradgradcheck(
        softsign, z, check_fwd_over_rev=True
    ),
}
right = list(checks.values())
print(checks)
#> {'#353': True, '#597': True, '#501': True, '#94925': True, '#80926': True}
