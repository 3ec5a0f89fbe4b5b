# right: pitfalls/advice_requires_grad/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w**3).sum()
grad = torch.autograd.grad(loss, w)[0].requires_grad_()
penalty = grad.pow(2).sum()
dP_dw = torch.autograd.grad(penalty, w)[0]
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
