# right: pitfalls/not_implemented/norm.py
import torch

x = torch.tensor([[0.0, 1.0], [2.0, 3.0]], requires_grad=True)
y = torch.cdist(x, 1 - x).sum()
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
dy_dx.pow(2).sum().backward()
#! NotImplementedError: the derivative for '_cdist_backward' is not implemented.
