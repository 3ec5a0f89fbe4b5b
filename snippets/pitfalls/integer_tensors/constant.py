import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
d = (a + dc_da) * b
dd_da = torch.autograd.grad(d, a)[0]
print(f"b: {b.dtype}, c: {c.dtype}, dd_da: {dd_da}")
#> b: torch.int64, c: torch.float32, dd_da: 10.0
