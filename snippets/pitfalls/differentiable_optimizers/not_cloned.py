# right: pitfalls/differentiable_optimizers/momentum_right.py
import torch

a = torch.tensor([1.0], requires_grad=True)
t = a.clone()
optimizer = torch.optim.SGD([t], lr=0.1, differentiable=True)
t.grad = torch.autograd.grad(t.pow(4).sum(), t, create_graph=True)[0]
optimizer.step()
torch.autograd.grad(t.pow(2).sum(), a)
#! RuntimeError: one of the variables needed for gradient computation has
#!   been modified by an inplace operation: [torch.FloatTensor [1]], which
#!   is output 0 of Add, is at version 1; expected version 0 instead. Hint:
#!   enable anomaly detection to find the operation that failed to compute
#!   its gradient, with torch.autograd.set_detect_anomaly(True,
#!   check_nan=False).
