# right: pitfalls/non_scalar_output/sum_and_ones.py
import torch

x = torch.ones(3, 2, requires_grad=True)
u = x.pow(2).sum(dim=1)
ones = torch.ones(3, 1)
torch.autograd.grad(u, x, grad_outputs=ones)
#! RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([3, 1]) and
#!   output[0] has a shape of torch.Size([3]).
