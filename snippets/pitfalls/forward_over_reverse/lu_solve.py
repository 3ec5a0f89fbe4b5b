import torch

A = torch.tensor([[[2, 1], [1, 3]], [[4, 1], [2, 3]]], dtype=torch.float64)
LU, pivots = torch.linalg.lu_factor(A)
B = torch.ones(2, 3, 2, 1, dtype=torch.float64)  # three right sides for each
x = torch.linalg.lu_solve(LU.unsqueeze(1), pivots.unsqueeze(1), B)
expanded = torch.linalg.lu_solve(
    LU.unsqueeze(1).expand(2, 3, 2, 2), pivots.unsqueeze(1).expand(2, 3, 2), B
)
true = torch.linalg.solve(A.unsqueeze(1), B)
right = torch.isclose(x, true).flatten(1).all(1).tolist()
print(right, torch.allclose(expanded, true), LU.unsqueeze(1).stride())
#> [True, False] True (4, 2, 1, 2)
