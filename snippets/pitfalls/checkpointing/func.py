# right: pitfalls/checkpointing/critic_right.py
import torch
from torch.utils.checkpoint import checkpoint

net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh())
x = torch.randn(4, 2)
score = lambda x: checkpoint(net, x, use_reentrant=False).sum()
slope = torch.func.grad(score)(x)
#! RuntimeError: torch.func.{grad, vjp, jacrev, hessian} don't yet support saved tensor
#!   hooks. Please open an issue with your use case.
