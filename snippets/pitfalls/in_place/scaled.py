# right: pitfalls/in_place/scaled_right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
penalty = g.pow(2).sum()
g.mul_(10)
dP_dw = torch.autograd.grad(penalty, w)[0]
#! RuntimeError: one of the variables needed for gradient computation has
#!   been modified by an inplace operation: [torch.FloatTensor [2]], which
#!   is output 0 of Mul, is at version 1; expected version 0 instead. Hint:
#!   ...
