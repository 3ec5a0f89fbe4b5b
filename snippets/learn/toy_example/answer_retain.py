# wrong: dd_da is 2.0, the derivative is 10.0
# right: learn/toy_example/right.py
import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)
c = a * a * b
dc_da = torch.autograd.grad(c, a, retain_graph=True)[0]
d = (a + dc_da) * b
dd_da = torch.autograd.grad(d, a)[0]
print(dd_da)
#> tensor(2.)
