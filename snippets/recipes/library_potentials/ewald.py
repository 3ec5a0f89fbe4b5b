import torch

side, charges = 3.0, torch.tensor([1.0, -1.0])
n = torch.cartesian_prod(*3 * [torch.arange(-4.0, 5)])
n = n[n.norm(dim=1) > 0]
strain = torch.zeros(3, 3, requires_grad=True)
grown = torch.eye(3) + strain
cell = side * grown
x = torch.tensor([[0.0, 0, 0], [0.9, 0.4, 0.2]]) @ grown

# --8<-- [mark]
k = 2 * torch.pi * n @ torch.linalg.inv(cell).T
squared = k.pow(2).sum(1)
angles = k @ x.T
wave = (angles.cos() @ charges) ** 2 + (angles.sin() @ charges) ** 2
each = torch.exp(-squared / 4) / squared * wave
E = 2 * torch.pi / torch.linalg.det(cell) * each.sum()
(dE_dstrain,) = torch.autograd.grad(E, strain)
stress = round(dE_dstrain[0, 0].item() / side**3, 4)
print(f"energy {E.item():.4f}, stress {stress}")
#> energy 0.2084, stress 0.0161
