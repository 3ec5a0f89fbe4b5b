import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
for flags in ({}, {"retain_graph": True}, {"create_graph": True}):
    c = a * a * b
    dc_da = torch.autograd.grad(c, a, **flags)[0]
    d = (a + dc_da) * b
    dd_da = torch.autograd.grad(d, a)[0]
    print(flags, dd_da.item())
#> {} 2.0
#> {'retain_graph': True} 2.0
#> {'create_graph': True} 10.0
