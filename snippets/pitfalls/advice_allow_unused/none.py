# right: pitfalls/advice_allow_unused/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([[0.2, 0.4]], requires_grad=True)
t = torch.tensor(1.0, requires_grad=True)
y = (torch.tanh(2 * x) * w).sum() * t
x = 2 * x
y_x, y_t = torch.autograd.grad(y, [x, t], allow_unused=True)
print("y_x:", y_x, "y_t:", round(y_t.item(), 4))
#> y_x: None y_t: 1.708
penalty = y_x.pow(2).sum() + y_t.pow(2)
#! AttributeError: 'NoneType' object has no attribute 'pow'
