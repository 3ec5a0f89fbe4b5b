import torch
from torch.nn.functional import layer_norm

w = torch.tensor([1.0, 2.0, -1.0], dtype=torch.float64)
v = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)


def residual(w):
    x = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    u = v @ layer_norm(torch.tanh(w * x), (3,), eps=0.1)
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x, x)[0]
    return (u_xx - 1) ** 2


h = 1e-5
steps = h * torch.eye(3, dtype=torch.float64)
dR_dw = [round(((residual(w + s) - residual(w - s)) / (2 * h)).item(), 4) for s in steps]
print("dR_dw:", dR_dw)
#> dR_dw: [14.0746, -12.9292, 5.519]
