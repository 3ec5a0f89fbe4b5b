# right: guides/functional/options.py
import torch
from torch.autograd.functional import hessian

x = torch.tensor([1.0, 2.0])
hessian(
    lambda x: (x**4).sum(), x, outer_jacobian_strategy="forward-mode"
)
#! NotImplementedError: Computing Jacobian using forward-AD or forward-over-reverse Hessian
#!   isonly implemented for `vectorize=True`.
