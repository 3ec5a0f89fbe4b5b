import torch
from torch.utils.checkpoint import checkpoint

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
y = checkpoint(lambda x: w * x**3, x, use_reentrant=False)
y_x = torch.autograd.grad(y, x, create_graph=True)[0]
total = y**2 + y_x**2
total.backward()
dT_dw = w.grad
print(f"y_x: {y_x}, y_x.requires_grad: {y_x.requires_grad}")
#> y_x: 12.0, y_x.requires_grad: True
print(f"total: {total}, dT_dw: {dT_dw}")
#> total: 208.0, dT_dw: 416.0
