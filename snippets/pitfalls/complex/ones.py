# wrong: L_yy is 16.0, the second derivative is 52.0
# right: pitfalls/complex/laplacian.py
import torch

z = torch.tensor(1 + 2j, dtype=torch.complex128, requires_grad=True)
L = (z.real**2 + z.imag**2) ** 2
g = torch.autograd.grad(L, z, create_graph=True)[0]
h = torch.autograd.grad(g, z, grad_outputs=torch.ones_like(g))[0]
L_xx, L_yy = h.real.item(), h.imag.item()
print(f"L_xx: {L_xx:.1f}, L_yy: {L_yy:.1f}")
#> L_xx: 28.0, L_yy: 16.0
