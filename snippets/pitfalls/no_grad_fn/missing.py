# right: pitfalls/no_grad_fn/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
L = (w**3).sum()
g = torch.autograd.grad(L, w)[0]
penalty = g.pow(2).sum()
penalty.backward()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
