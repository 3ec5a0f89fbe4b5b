# uses: recipes/implicit_layer/attached.py
import torch
from attached import attached


def bisected(g, low, high):
    """A root finder as any other: no graph, and branches."""
    with torch.no_grad():
        for _ in range(60):
            middle = (low + high) / 2
            below = g(middle) < 0  # for a rising function
            low, high = torch.where(below, middle, low), torch.where(below, high, middle)
    return middle


torch.set_default_dtype(torch.float64)
M = torch.tensor([[0.5], [2.0]], requires_grad=True)  # Kepler's equation, two orbits
e = torch.tensor([[0.3], [0.8]], requires_grad=True)


def g(E):
    return E - e * E.sin() - M


E = attached(g, bisected(g, torch.zeros(2, 1), torch.full((2, 1), 3.2)), order=2)
dE_dM, dE_de = torch.autograd.grad(E.sum(), (M, e), create_graph=True)
(second,) = torch.autograd.grad(dE_dM.sum(), M)
slopes = [round(s, 4) for s in dE_dM.flatten().tolist() + dE_de.flatten().tolist()]
print(slopes)
#> [1.3006, 0.6117, 0.8291, 0.3724]
curvature = [round(s, 4) for s in second.flatten().tolist()]
print(curvature)
#> [-0.4208, -0.1115]
