import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(
    c, a, create_graph=True
)[0]
weight = dc_da  # complete this line
d = weight * (a + dc_da)
dd_da = torch.autograd.grad(d, a)[0]
print(dd_da)
#> tensor(40.)
