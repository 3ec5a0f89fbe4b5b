# wrong: dP_dw is [nan, nan], the gradient is [0.0, 0.0]
# right: pitfalls/norm_at_zero/half_right.py
import torch

w = torch.zeros(2, dtype=torch.float16, requires_grad=True)
g = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
# --8<-- [mark]
P = (g.pow(2).sum() + 1e-8).sqrt()
dP_dw = torch.autograd.grad(P, w)[0]
print(f"P: {P:.0e}, dP_dw: {dP_dw.tolist()}")
#> P: 0e+00, dP_dw: [nan, nan]
