# wrong: dd_da is 2.0, the derivative is 3.1547
# right: pitfalls/cut_in_the_middle/sqrt.py
import numpy
import torch

a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
print("dc_da.requires_grad:", dc_da.requires_grad)
#> dc_da.requires_grad: True
d = (a + numpy.sqrt(dc_da.detach().numpy())) * b
dd_da = torch.autograd.grad(d, a)[0]
print(f"d: {d:.4f}, dd_da: {dd_da:.4f}")
#> d: 12.9282, dd_da: 2.0000
