import torch

R = torch.tensor([[0.0, 0, 0], [0.5, 0, 0]], requires_grad=True)
pairs = torch.tensor([[0, 1]])
D = R[pairs[:, 1]] - R[pairs[:, 0]]
# --8<-- [mark]
d = D.norm(dim=1)
E = 4 * ((d - 0.25) ** 2).sum()
force = -torch.autograd.grad(E, R, create_graph=True)[0]
across = torch.autograd.grad(-force[1, 1], R)[0]  # an atom moves aside
curvature = across[1, 1].item()
print(f"force {force[0, 0]:.1f}, curvature across: {curvature:.1f}")
#> force 2.0, curvature across: 4.0
