# right: pitfalls/dropout/gradgradcheck_seeded.py
import torch

torch.manual_seed(0)
x = torch.linspace(1.0, 2.0, 8, dtype=torch.float64, requires_grad=True)


def f(x):
    return torch.nn.functional.dropout(x**3, p=0.5)


torch.autograd.gradgradcheck(f, x)
#! torch.autograd.gradcheck.GradcheckError: Jacobian mismatch for output 0
#!   with respect to input 0, numerical:... analytical:...
