import torch

z = torch.tensor(
    [1 + 2j, 3 - 1j], dtype=torch.complex128, requires_grad=True
)
L = lambda z: (z.real**2 + z.imag**2) ** 2
print(torch.autograd.gradgradcheck(L, z))
#> True
