import torch
from torch.autograd.functional import jacobian

torch.set_default_dtype(torch.float64)
x = torch.tensor([0.5, -1.0, 2.0])
w = torch.tensor([0.2, -0.4, 0.6], requires_grad=True)


def h(x):
    return torch.sigmoid(w * x)


dh_dx = jacobian(h, x, create_graph=True)
L = h(x).sum() + dh_dx.pow(2).sum()
dL_dw = torch.autograd.grad(L, w)[0]
print([round(value, 4) for value in dL_dw.tolist()])
#> [0.1494, -0.2828, 0.3693]
