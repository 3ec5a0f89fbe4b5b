import torch
from torch.nn.functional import logsigmoid

w = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(-5.0, requires_grad=True)
u = logsigmoid(w * x)
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
P = u_x**2
dP_dw = torch.autograd.grad(P, w)[0]
print(f"u: {u:.4f}, P: {P:.4f}, dP_dw: {dP_dw:.4f}")
#> u: -15.0000, P: 9.0000, dP_dw: 6.0000
