# right: pitfalls/complex/conjugate_right.py
import torch

z = torch.tensor([1 + 2j], requires_grad=True)
w = z.conj()
L = (w.real**2 + w.imag**2).sum() ** 2
g = torch.autograd.grad(L, z, create_graph=True)[0]
penalty = torch.view_as_real(g).pow(2).sum()
#! RuntimeError: view_as_real doesn't work on unresolved conjugated tensors. To resolve the
#!   conjugate tensor so you can view it as real, use self.resolve_conj(); however, be
#!   warned that the resulting tensor will NOT alias the original.
