# wrong: dd_da is 14.0, the derivative is 10.0
# right: pitfalls/backward_create_graph/autograd_grad.py
import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
c.backward(create_graph=True)
#! UserWarning: Using backward() with create_graph=True will create a
#!   reference cycle between the parameter and its gradient which can cause
#!   a memory leak. We recommend using autograd.grad when creating the graph
#!   to avoid this. If you have to use this function, make sure to reset the
#!   .grad fields of your parameters to None after use to break the cycle
#!   and avoid the leak. (Triggered internally at ...)
dc_da = a.grad
print(f"dc_da: {dc_da}")
#> dc_da: 4.0
d = (a + dc_da) * b
d.backward()
dd_da = a.grad
print(f"dd_da: {dd_da}, dc_da: {dc_da}, dc_da is dd_da: {dc_da is dd_da}")
#> dd_da: 14.0, dc_da: 14.0, dc_da is dd_da: True
