# wrong: dP_dw is [nan, nan], the gradient is [0.0, 0.0]
# right: pitfalls/norm_at_zero/under.py
import torch

w = torch.zeros(2, requires_grad=True)
grad = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
norm = grad.pow(2).sum().sqrt()
P = norm + 1e-12
dP_dw = torch.autograd.grad(P, w)[0]
print(f"P: {P:.0e}, dP_dw: {dP_dw.tolist()}")
#> P: 1e-12, dP_dw: [nan, nan]
