import torch

z = torch.tensor([1 + 2j], requires_grad=True)
w = z.conj()
L = (w.real**2 + w.imag**2).sum() ** 2
g = torch.autograd.grad(L, z, create_graph=True)[0]
penalty = (g.real**2 + g.imag**2).sum()
slope = torch.autograd.grad(penalty, z)[0]
dP = [slope.real.item(), slope.imag.item()]
print("penalty:", penalty.item(), "dP:", dP)
#> penalty: 2000.0 dP: [2400.0, 4800.0]
