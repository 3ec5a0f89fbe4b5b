# wrong: second is 0.0, the second derivative is 8.0
# right: pitfalls/complex/zero_right.py
import torch

z = torch.tensor(0j, requires_grad=True)
L = z.real**2 + z.imag**2
g = torch.autograd.grad(L, z, create_graph=True)[0]
penalty = g.abs() ** 2
first = torch.autograd.grad(penalty, z, create_graph=True)[0]
second = torch.autograd.grad(first.real, z)[0].real.item()
print("first:", abs(first.item()), "second:", second)
#> first: 0.0 second: 0.0
