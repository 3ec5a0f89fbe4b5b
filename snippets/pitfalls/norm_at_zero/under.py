import torch

w = torch.zeros(2, requires_grad=True)
grad = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
P = (grad.pow(2).sum() + 1e-12).sqrt()
dP_dw = torch.autograd.grad(P, w)[0]
print(f"P: {P:.0e}, dP_dw: {dP_dw.tolist()}")
#> P: 1e-06, dP_dw: [0.0, 0.0]
