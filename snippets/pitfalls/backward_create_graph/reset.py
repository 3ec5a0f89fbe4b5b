import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
c.backward(create_graph=True)
#! UserWarning: Using backward() with create_graph=True will create a
#!   reference cycle ...
dc_da = a.grad
a.grad = None
d = (a + dc_da) * b
d.backward()
dd_da = a.grad
print(f"dd_da: {dd_da}, dc_da: {dc_da}")
#> dd_da: 10.0, dc_da: 4.0
