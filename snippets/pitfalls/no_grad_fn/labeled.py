# wrong: dP_dw is None, the gradient is [36.0, 288.0]
# right: pitfalls/no_grad_fn/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
L = (w**3).sum()
g = torch.autograd.grad(L, w)[0]
penalty = g.pow(2).sum().requires_grad_()
penalty.backward()
dP_dw = w.grad
print("penalty.requires_grad:", penalty.requires_grad, "dP_dw:", dP_dw)
#> penalty.requires_grad: True dP_dw: None
