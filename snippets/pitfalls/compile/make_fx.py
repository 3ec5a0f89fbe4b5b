# wrong: dP_dw is 1.6715, the derivative is 0.7841
# right: pitfalls/compile/make_fx_right.py
import torch
from torch.fx.experimental.proxy_tensor import make_fx

w = torch.tensor(0.8, requires_grad=True)
x = torch.tensor([0.5, -1.0])


def penalty(w, x):
    x = x.detach().requires_grad_()
    y = torch.tanh(w * x).sum()
    y_x = torch.autograd.grad(y, x, create_graph=True)[0]
    return y_x.pow(2).sum()


traced = make_fx(penalty)(w, x)
P = traced(w, x)
dP_dw = torch.autograd.grad(P, w)[0].item()
print(f"P: {P.item():.4f}, dP_dw: {dP_dw:.4f}")
#> P: 0.6686, dP_dw: 1.6715
