import torch

torch.manual_seed(0)
A = torch.randn(3, 3, dtype=torch.complex128)
A = (A + A.mH).requires_grad_()
vectors = torch.linalg.eigh(A)[1]
loss = vectors.imag.sum()  # depends on a phase that LAPACK chose
loss.backward()
#! RuntimeError: linalg_eigh_backward: The eigenvectors in the complex case are
#!    specified up to multiplication by e^{i phi}. The specified loss function
#!    depends on this quantity, so it is ill-defined.
