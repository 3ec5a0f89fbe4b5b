import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
d = (a + dc_da) * b
d.backward()
dd_da = a.grad
print(f"dd_da: {dd_da}, dc_da: {dc_da}, dc_da is dd_da: {dc_da is dd_da}")
#> dd_da: 10.0, dc_da: 4.0, dc_da is dd_da: False
