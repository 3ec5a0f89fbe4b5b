# wrong: dd_da is 2.0, the derivative is 10.0
# right: index/right.py
from torch import tensor
from torch.autograd import grad

a = tensor(1.0, requires_grad=True)
b = tensor(2.0)
c = a * a * b
# --8<-- [start:inner]
dc_da = grad(c, a)[0]
# --8<-- [end:inner]
d = (a + dc_da) * b
dd_da = grad(d, a)[0]

print(f"d: {d}, dd_da: {dd_da}")
#> d: 10.0, dd_da: 2.0
