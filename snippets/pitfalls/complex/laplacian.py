import torch

z = torch.tensor(1 + 2j, dtype=torch.complex128, requires_grad=True)
L = (z.real**2 + z.imag**2) ** 2
g = torch.autograd.grad(L, z, create_graph=True)[0]
L_xx = torch.autograd.grad(g.real, z, retain_graph=True)[0].real.item()
L_yy = torch.autograd.grad(g.imag, z)[0].imag.item()
print(f"L_xx: {L_xx:.1f}, L_yy: {L_yy:.1f}, Laplacian: {L_xx + L_yy:.1f}")
#> L_xx: 28.0, L_yy: 52.0, Laplacian: 80.0
