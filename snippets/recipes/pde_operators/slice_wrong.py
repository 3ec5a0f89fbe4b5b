# right: recipes/pde_operators/slice_right.py
import torch

X = torch.tensor([[0.5, 1.0], [0.2, 0.7]], requires_grad=True)
u = torch.sin(X[:, 0:1]) * X[:, 1:2]
x = X[:, 0:1]  # a new tensor, of which u knows nothing
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. ...
