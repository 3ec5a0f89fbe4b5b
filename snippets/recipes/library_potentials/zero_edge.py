# wrong: finite is False, the answer is True
# right: recipes/library_potentials/zero_edge_right.py
import torch

w = torch.tensor([0.3, 0.5, 0.2])
R = torch.tensor([[0.0, 0, 0], [0.4, 0.8, -0.5]], requires_grad=True)
i, j = torch.tensor([0, 0, 1]), torch.tensor([0, 1, 0])  # the first is a loop


def harmonics(u):  # of degrees 1 and 2, some of them
    x, y, z = u.unbind(1)
    return torch.stack([y, x * z, 2 * y**2 - x**2 - z**2], dim=1)


# --8<-- [start:loss]
edge = R[j] - R[i]
loop = i == j
Y = harmonics(torch.nn.functional.normalize(edge, dim=1))
# --8<-- [mark]
E = ((Y @ w) * ~loop).sum()  # a mask behind them
F = -torch.autograd.grad(E, R, create_graph=True)[0]
slope = torch.autograd.grad(F.square().sum(), R)[0]
# --8<-- [end:loss]
finite = bool(slope.isfinite().all())
print(f"finite {finite}")
#> finite False
