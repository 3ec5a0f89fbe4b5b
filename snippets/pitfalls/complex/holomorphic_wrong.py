# wrong: f1 is [-9.0, -12.0], the derivative is [-9.0, 12.0]
# right: pitfalls/complex/holomorphic.py
import torch

z = torch.tensor(1 + 2j, dtype=torch.complex128, requires_grad=True)
one = torch.ones_like(z)
first = torch.autograd.grad(z**3, z, grad_outputs=one)[0]
f1 = torch.view_as_real(first).tolist()
print(f"first: {f1[0]:.1f} {f1[1]:+.1f} i")
#> first: -9.0 -12.0 i
