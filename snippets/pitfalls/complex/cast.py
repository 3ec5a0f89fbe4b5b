# wrong: penalty is -1200.0, the squared length is 2000.0
# right: pitfalls/complex/right.py
import torch

z = torch.tensor(1 + 2j, dtype=torch.complex128, requires_grad=True)
L = (z.real**2 + z.imag**2) ** 2
g = torch.autograd.grad(L, z, create_graph=True)[0]
penalty = (g**2).double()
#! UserWarning: Casting complex values to real discards the imaginary part (Triggered
#!   internally at ...)
print(f"penalty: {penalty:.1f}, requires_grad: {penalty.requires_grad}")
#> penalty: -1200.0, requires_grad: True
