# wrong: dE_da is 0.0, the derivative is 0.375
# right: recipes/fast_laplacians/covariance.py
import numpy as np
import torch

# log psi = -a x² in the trap V = x²/2; three points of quadrature are exact
z, weight = map(torch.tensor, np.polynomial.hermite.hermgauss(3))
a = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
x, p = z / (2 * a.detach()).sqrt(), weight / torch.pi**0.5
log_psi = -a * x**2
second, slope = -2 * a, -2 * a * x
local = -(second + slope**2) / 2 + x**2 / 2
E = (p * local).sum()
dE_da = round(torch.autograd.grad(E, a)[0].item(), 9) + 0.0
print(round(E.item(), 9), dE_da)
#> 0.625 0.0
