import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
strain = torch.tensor(0.5, requires_grad=True)
energy = ((1 + strain) * x).pow(4).sum()
dE_dx, dE_dstrain = torch.autograd.grad(energy, [x, strain])
print("dE_dx:", dE_dx.tolist(), "dE_dstrain:", dE_dstrain.item())
#> dE_dx: [20.25, 162.0] dE_dstrain: 229.5
