import torch

b = torch.tensor(2.0)
for start in (1.0, 3.0):
    a = torch.tensor(start, requires_grad=True)
    c = a * a * b
    dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
    d = (a + dc_da) * b
    dd_da = torch.autograd.grad(d, a)[0]
    print(f"a: {start}, d: {d.item()}, dd_da: {dd_da.item()}")
#> a: 1.0, d: 10.0, dd_da: 10.0
#> a: 3.0, d: 30.0, dd_da: 10.0
