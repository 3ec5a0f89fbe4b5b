# wrong: dP is [-160.0, -3520.0], the gradient is [2400.0, 4800.0]
# right: pitfalls/complex/right.py
import torch

z = torch.tensor(1 + 2j, dtype=torch.complex128, requires_grad=True)
L = (z.real**2 + z.imag**2) ** 2
g = torch.autograd.grad(L, z, create_graph=True)[0]
penalty = (g**2).real
dP_dz = torch.autograd.grad(penalty, z)[0]
dP = torch.view_as_real(dP_dz)
print(f"penalty: {penalty:.1f}, dP_dz: {dP[0]:.1f} {dP[1]:+.1f} i")
#> penalty: -1200.0, dP_dz: -160.0 -3520.0 i
