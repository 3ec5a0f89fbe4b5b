import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(-1.0)
c = a * a * b
dc_da = torch.autograd.grad(
    c, a, create_graph=True
)[0]
d = (a + dc_da) * b
dd_da = torch.autograd.grad(d, a)[0]

print(f"dc_da: {dc_da}, d: {d}, dd_da: {dd_da}")
#> dc_da: -2.0, d: 1.0, dd_da: 1.0
