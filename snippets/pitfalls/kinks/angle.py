import math

import torch
from torch.linalg import cross, vector_norm


def angle(a, b, by):
    cosine = a @ b / (vector_norm(a) * vector_norm(b))
    if by == "acos":
        return torch.acos(cosine)
    if by == "clamp and acos":
        return torch.acos(cosine.clamp(min=-1 + 1e-6))
    return torch.atan2(vector_norm(cross(a, b)), a @ b)


def second(energy):  # moves one atom across the straight line
    a = torch.tensor([1.0, 0, 0], dtype=torch.float64, requires_grad=True)
    b = torch.tensor([-1.0, 0, 0], dtype=torch.float64)
    force = torch.autograd.grad(energy(a, b), a, create_graph=True)[0]
    return torch.autograd.grad(force[1], a)[0][1].item()


found = []
for by in ("acos", "clamp and acos", "atan2"):
    found.append(second(lambda a, b: (angle(a, b, by) - math.pi) ** 2))
    print(f"{by}: {found[-1]:.4f}")
#> acos: nan
#> clamp and acos: 0.0000
#> atan2: nan
by_cosine = second(
    lambda a, b: 2 * (1 + a @ b / (vector_norm(a) * vector_norm(b)))
)
print(f"the cosine itself: {by_cosine:.4f}")
#> the cosine itself: 2.0000
