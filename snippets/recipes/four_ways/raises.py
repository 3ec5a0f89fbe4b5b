# right: recipes/four_ways/does_not_raise.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([0.5, -1.0], requires_grad=True)
y = (w * x).tanh().sum()
dy_dx = torch.autograd.grad(y, x)[0]
penalty = dy_dx.pow(2).sum()
penalty.backward()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
