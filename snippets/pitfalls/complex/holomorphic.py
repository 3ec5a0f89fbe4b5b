import torch

z = torch.tensor(1 + 2j, dtype=torch.complex128, requires_grad=True)
one = torch.ones_like(z)
first = torch.autograd.grad(z**3, z, one, create_graph=True)[0].conj()
second = torch.autograd.grad(first, z, grad_outputs=one)[0].conj()
f1 = torch.view_as_real(first.resolve_conj()).tolist()
f2 = torch.view_as_real(second.resolve_conj()).tolist()
print(
    f"first: {f1[0]:.1f} {f1[1]:+.1f} i, second: {f2[0]:.1f} {f2[1]:+.1f} i"
)
#> first: -9.0 +12.0 i, second: 6.0 +12.0 i
