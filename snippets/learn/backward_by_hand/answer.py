import torch

w = torch.tensor(3.0, requires_grad=True)
x, y = torch.tensor(2.0), torch.tensor(1.0)
r = w * x - y
L = r**2

dL_dr = 2 * r
dL_dw = dL_dr * x
print(dL_dw)
#> tensor(20., grad_fn=<MulBackward0>)
by_autograd = torch.autograd.grad(L, w, retain_graph=True)[0]
print(by_autograd)
#> tensor(20.)
d2L_dw2 = torch.autograd.grad(dL_dw, w)[0]
print(d2L_dw2)
#> tensor(8.)
