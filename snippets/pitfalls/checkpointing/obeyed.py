# wrong: dT_dw is 128.0, the derivative is 416.0
# right: pitfalls/checkpointing/obeyed_right.py
import torch
from torch.utils.checkpoint import checkpoint

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
y = checkpoint(lambda x: w * x**3, x, use_reentrant=True)
y.backward(create_graph=True)
#! UserWarning: Using backward() with create_graph=True will create a reference cycle
#!   between the parameter and its gradient which can cause a memory leak. We recommend
#!   using autograd.grad when creating the graph to avoid this. If you have to use this
#!   function, make sure to reset the .grad fields of your parameters to None after use to
#!   break the cycle and avoid the leak. (Triggered internally at ...)
y_x, x.grad, w.grad = x.grad, None, None
y = checkpoint(lambda x: w * x**3, x, use_reentrant=True)
total = y**2 + y_x**2
total.backward()
dT_dw = w.grad
print(f"y_x: {y_x}, y_x.requires_grad: {y_x.requires_grad}")
#> y_x: 12.0, y_x.requires_grad: False
print(f"total: {total}, dT_dw: {dT_dw}")
#> total: 208.0, dT_dw: 128.0
