# right: guides/functional/options.py
import torch
from torch.autograd.functional import hessian

x = torch.tensor([1.0, 2.0], requires_grad=True)
hessian(
    lambda x: (x**4).sum(),
    x,
    create_graph=True,
    vectorize=True,
    outer_jacobian_strategy="forward-mode",
)
#! NotImplementedError: torch.autograd.functional.jacobian: `create_graph=True` and
#!   `strategy="forward-mode"` are not supported together (yet). Please either set
#!   `create_graph=False` or `strategy="reverse-mode"`.
