# right: pitfalls/batch_norm/vmap_eval.py
import torch
from torch import nn
from torch.func import grad, vmap

critic = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))


def D(sample):
    return critic(sample.unsqueeze(0)).sum()


x = torch.randn(3, 4)
vmap(grad(D))(x)
#! RuntimeError: During a grad (vjp, jvp, grad, etc) transform, the function
#!   provided attempted to call in-place operation (aten::add_.Tensor) that
#!   would mutate a captured Tensor. This is not supported; please rewrite
#!   the function being transformed to explicitly accept the mutated
#!   Tensor(s) as inputs.
