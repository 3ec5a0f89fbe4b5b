# wrong: dd_da is 2.0, the derivative is 3.1547
# right: pitfalls/cut_in_the_middle/sqrt.py
import math

import torch

a = torch.tensor(3.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, create_graph=True)[0]
d = (a + math.sqrt(dc_da)) * b
#! UserWarning: Converting a tensor with requires_grad=True to a scalar may
#!   lead to unexpected behavior. Consider using tensor.detach() first.
#!   (Triggered internally at ...)
dd_da = torch.autograd.grad(d, a)[0]
print(f"d: {d:.4f}, dd_da: {dd_da:.4f}")
#> d: 12.9282, dd_da: 2.0000
