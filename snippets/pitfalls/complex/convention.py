import torch

z = torch.tensor(1 + 2j, dtype=torch.complex128, requires_grad=True)
L = (z.real**2 + z.imag**2) ** 2
g = torch.view_as_real(torch.autograd.grad(L, z)[0])
x = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
y = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
L_x, L_y = torch.autograd.grad((x**2 + y**2) ** 2, (x, y))
print(f"g: {g[0]:.1f} {g[1]:+.1f} i, L_x: {L_x:.1f}, L_y: {L_y:.1f}")
#> g: 20.0 +40.0 i, L_x: 20.0, L_y: 40.0
