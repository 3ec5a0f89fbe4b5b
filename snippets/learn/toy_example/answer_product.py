import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
for create_graph in (False, True):
    c = a * a * b
    dc_da = torch.autograd.grad(
        c, a, create_graph=create_graph
    )[0]
    d = a * dc_da
    dd_da = torch.autograd.grad(d, a)[0]
    print(f"create_graph={create_graph}: {dd_da}")
#> create_graph=False: 4.0
#> create_graph=True: 8.0
