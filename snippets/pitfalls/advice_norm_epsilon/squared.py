import torch

w = torch.zeros(2, requires_grad=True)
grad = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
P = grad.pow(2).sum()
dP_dw = torch.autograd.grad(P, w, create_graph=True)[0]
d2P_dw2 = torch.autograd.grad(dP_dw[0], w)[0]
print("P:", P.item(), "dP_dw:", dP_dw.tolist(), "d2P_dw2:", d2P_dw2.tolist())
#> P: 0.0 dP_dw: [0.0, 0.0] d2P_dw2: [8.0, 0.0]
