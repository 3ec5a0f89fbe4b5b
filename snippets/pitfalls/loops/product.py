import torch

w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
v = torch.tensor([1.0, 0.0, -1.0])
L = w.prod() * w.sum()
g = torch.autograd.grad(L, w, create_graph=True)[0]
Hv = torch.autograd.grad(g, w, grad_outputs=v)[0]
print("Hv:", Hv.tolist())
#> Hv: [-8.0, 16.0, 16.0]
