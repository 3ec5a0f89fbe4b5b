# right: pitfalls/precision/gradcheck64.py
import torch

x = torch.tensor([0.3, -0.7], requires_grad=True)
torch.autograd.gradgradcheck(torch.tanh, x)
#! UserWarning: Input #0 requires gradient and is not a double precision
#!   floating point or complex. This check will likely fail if all the
#!   inputs are not of double precision floating point or complex.
#! UserWarning: Input #1 requires gradient and is not a double precision
#!   floating point ...
#! torch.autograd.gradcheck.GradcheckError: Jacobian mismatch for output 0
#!   with respect to input 0, numerical:... analytical:...
