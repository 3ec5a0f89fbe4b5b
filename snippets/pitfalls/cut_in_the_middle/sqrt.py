import torch

a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
d = (a + dc_da.sqrt()) * b
dd_da = torch.autograd.grad(d, a)[0]
print(f"d: {d:.4f}, dd_da: {dd_da:.4f}")
#> d: 12.9282, dd_da: 3.1547
