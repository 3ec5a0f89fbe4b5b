import torch

torch.set_default_dtype(torch.float64)
points = torch.tensor([[0.3, -0.4, 1.2], [1.0, 2.0, -2.0]], requires_grad=True)

r = points.norm(dim=1)
log_psi = -r  # the ground state of hydrogen
(s,) = torch.autograd.grad(log_psi.sum(), points, create_graph=True)
laplacian = torch.zeros(2)
for i in range(3):
    (row,) = torch.autograd.grad(s[:, i].sum(), points, retain_graph=True)
    laplacian += row[:, i]
energy = -(laplacian + s.pow(2).sum(dim=1)) / 2 - 1 / r
energy = energy.tolist()
print([round(e, 10) for e in energy])
#> [-0.5, -0.5]
