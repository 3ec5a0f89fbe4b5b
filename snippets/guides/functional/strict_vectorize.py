# right: guides/functional/options.py
import torch
from torch.autograd.functional import hessian

x = torch.tensor([1.0, 2.0])
hessian(lambda x: (x**4).sum(), x, strict=True, vectorize=True)
#! RuntimeError: torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are
#!   not supported together. Please either set `strict=False` or `vectorize=False`.
