import torch

z = torch.tensor(1 + 2j, dtype=torch.complex128, requires_grad=True)
L = (z.real**2 + z.imag**2) ** 2
g = torch.autograd.grad(L, z, create_graph=True)[0]
penalty = torch.view_as_real(g).pow(2).sum()
dP_dz = torch.autograd.grad(penalty, z)[0]
dP = torch.view_as_real(dP_dz)
print(f"penalty: {penalty:.1f}, dP_dz: {dP[0]:.1f} {dP[1]:+.1f} i")
#> penalty: 2000.0, dP_dz: 2400.0 +4800.0 i
