# right: pitfalls/advice_allow_unused/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([[2.0, 4.0]], requires_grad=True)
y = (torch.tanh(x / 4) * w).sum()
x = x / 4
y_x = torch.autograd.grad(y, x, create_graph=True, allow_unused=True)[0]
print("y_x:", y_x)
#> y_x: None
penalty = y_x.pow(2).sum()
#! AttributeError: 'NoneType' object has no attribute 'pow'
