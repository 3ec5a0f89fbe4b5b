import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
L = (w**3).sum()
g = torch.autograd.grad(L, w, create_graph=True)[0]
penalty = g.pow(2).sum()
penalty.backward()
dP_dw = w.grad
print("penalty.requires_grad:", penalty.requires_grad, "dP_dw:", dP_dw.tolist())
#> penalty.requires_grad: True dP_dw: [36.0, 288.0]
