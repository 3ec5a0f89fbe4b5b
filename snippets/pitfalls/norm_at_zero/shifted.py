# wrong: dP_dw is [1.4142, 1.4142], the gradient is [0.0, 0.0]
# right: pitfalls/norm_at_zero/under.py
import torch

w = torch.zeros(2, requires_grad=True)
grad = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
P = (grad + 1e-16).norm()
dP_dw = torch.autograd.grad(P, w)[0]
print(f"P: {P:.0e}, dP_dw: {[round(value, 4) for value in dP_dw.tolist()]}")
#> P: 1e-16, dP_dw: [1.4142, 1.4142]
