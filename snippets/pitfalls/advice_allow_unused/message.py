# right: pitfalls/advice_allow_unused/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([[0.2, 0.4]], requires_grad=True)
t = torch.tensor(1.0, requires_grad=True)
y = (torch.tanh(2 * x) * w).sum() * t
x = 2 * x
y_x, y_t = torch.autograd.grad(y, [x, t])
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
