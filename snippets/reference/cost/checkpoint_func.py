import torch
from torch.func import grad
from torch.utils.checkpoint import checkpoint

w = torch.tensor([1.0, 2.0])


def loss(w):
    return checkpoint(torch.exp, w, use_reentrant=False).sum()


grad(loss)(w)
#! RuntimeError: torch.func.{grad, vjp, jacrev, hessian} don't yet support saved tensor
#!   hooks. Please open an issue with your use case.
