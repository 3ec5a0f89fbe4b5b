import torch

z = torch.tensor(0j, requires_grad=True)
L = z.real**2 + z.imag**2
g = torch.autograd.grad(L, z, create_graph=True)[0]
penalty = torch.view_as_real(g).pow(2).sum()
first = torch.autograd.grad(penalty, z, create_graph=True)[0]
second = torch.autograd.grad(first.real, z)[0].real.item()
print("first:", abs(first.item()), "second:", second)
#> first: 0.0 second: 8.0
