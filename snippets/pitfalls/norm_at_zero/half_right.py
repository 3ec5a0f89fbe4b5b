import torch

w = torch.zeros(2, dtype=torch.float16, requires_grad=True)
g = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
# --8<-- [mark]
P = (g.float().pow(2).sum() + 1e-8).sqrt()
dP_dw = torch.autograd.grad(P, w)[0]
print(f"P: {P:.0e}, dP_dw: {dP_dw.tolist()}")
#> P: 1e-04, dP_dw: [0.0, 0.0]
