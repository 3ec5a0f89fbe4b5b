# right: pitfalls/advice_allow_unused/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([[2.0, 4.0]], requires_grad=True)
y = (torch.tanh(x / 4) * w).sum()
x = x / 4
y_x = torch.autograd.grad(y, x, create_graph=True)[0]
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
