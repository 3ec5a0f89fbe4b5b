import torch

side, shifts = 1.5, torch.cat([torch.eye(3), -torch.eye(3)])
strain = torch.zeros(3, 3, requires_grad=True)
cell = side * (torch.eye(3) + strain)
x = torch.zeros(1, 3) @ (torch.eye(3) + strain)
images = shifts @ cell
r = (x + images - x).norm(dim=1)
E = ((r - 1) ** 2).sum() / 2  # a spring of length 1 to each image
(dE_dstrain,) = torch.autograd.grad(E, strain)
stress = round(dE_dstrain[0, 0].item() / side**3, 4)
print(f"energy {E.item()}, stress {stress}")
#> energy 0.75, stress 0.4444
