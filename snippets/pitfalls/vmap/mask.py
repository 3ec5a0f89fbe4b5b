# right: pitfalls/vmap/mask_right.py
import warnings

import torch
from torch.func import hessian, vmap

warnings.simplefilter("ignore", DeprecationWarning)


def f(x):
    out = x.clone()
    out[x < 0] = 0.5 * x[x < 0]
    return (out**2).sum()


X = torch.tensor([[1.0, -2.0], [-3.0, -4.0]])
vmap(hessian(f))(X)
#! RuntimeError: vmap: We do not support batching operators that can support dynamic shape.
#!   Attempting to batch over indexing with a boolean mask.
