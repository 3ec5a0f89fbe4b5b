# wrong: dd_da is 2.0, the derivative is 10.0
# right: pitfalls/cut_in_the_middle/right.py
import torch

a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
print("dc_da.requires_grad:", dc_da.requires_grad)
#> dc_da.requires_grad: True
d = (a + torch.tensor(dc_da)) * b
#! UserWarning: To copy construct from a tensor, it is recommended to use
#!   sourceTensor.detach().clone() or
#!   sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).
dd_da = torch.autograd.grad(d, a)[0]
print(f"d: {d}, dd_da: {dd_da}")
#> d: 30.0, dd_da: 2.0
