# right: pitfalls/backward_create_graph/assign_or_add.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
optimizer.zero_grad()
g = torch.autograd.grad((w**3).sum(), w)[0]
w.grad.add_(g)
#! AttributeError: 'NoneType' object has no attribute 'add_'
