import torch

a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0)

p = a * a
c = p * b

dc_dp = b
dc_da = dc_dp * (2 * a)

d = (a + dc_da) * b
dd_da = torch.autograd.grad(d, a)[0]
print(f"dc_da: {dc_da}, dd_da: {dd_da}")
#> dc_da: 4.0, dd_da: 10.0
