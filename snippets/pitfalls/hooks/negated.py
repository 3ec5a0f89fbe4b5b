import torch

x = torch.tensor([2.0], requires_grad=True)
r = -torch.autograd.grad(x.pow(3).sum(), x, create_graph=True)[0]
dr_dx = torch.autograd.grad(r.sum(), x)[0].tolist()
print("r:", r.tolist(), "dr_dx:", dr_dx)
#> r: [-12.0] dr_dx: [-12.0]
