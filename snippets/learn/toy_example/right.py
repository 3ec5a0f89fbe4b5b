import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(
    c, a, create_graph=True
)[0]
d = (a + dc_da) * b
dd_da = torch.autograd.grad(d, a)[0]

print(f"c: {c}, dc_da: {dc_da}, d: {d}, dd_da: {dd_da}")
#> c: 2.0, dc_da: 4.0, d: 10.0, dd_da: 10.0
