import torch
from torch.func import grad, jacrev, vmap


# --8<-- [start:root]
def attached_in_func(residual, z, order=2):
    """Return z (d,) of one sample, with the derivatives of the root up to an order."""
    z = z.detach()
    J = jacrev(residual)(z).detach()  # (d, d), a constant
    for _ in range(order):
        z = z - torch.linalg.solve(J, residual(z))
    return z


# --8<-- [end:root]
def bisected(g, low, high):
    with torch.no_grad():
        for _ in range(60):
            middle = (low + high) / 2
            below = g(middle) < 0
            low, high = torch.where(below, middle, low), torch.where(below, high, middle)
    return middle


torch.set_default_dtype(torch.float64)


# --8<-- [start:use]
def anomaly(p):  # of one orbit, p = (M, e)
    def g(E):
        return E - p[1] * E.sin() - p[0]

    E = bisected(g, p.new_zeros(1), p.new_full((1,), 3.2))
    return attached_in_func(g, E)[0]


orbits = torch.tensor([[0.5, 0.3], [2.0, 0.8]])
slopes = vmap(grad(anomaly))(orbits)
print([round(s, 4) for s in slopes.flatten().tolist()])
#> [1.3006, 0.8291, 0.6117, 0.3724]
H = vmap(jacrev(grad(anomaly)))(orbits)
curvature = [round(c, 4) for c in H[:, 0, 0].tolist()]
print(curvature)
#> [-0.4208, -0.1115]
# --8<-- [end:use]
