# right: pitfalls/non_scalar_output/right.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
slope = torch.autograd.grad((x**3).sum(), x, create_graph=True)
penalty = slope.pow(2).sum()
#! AttributeError: 'tuple' object has no attribute 'pow'
