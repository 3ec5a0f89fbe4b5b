import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 1))
x = torch.randn(8, 4, requires_grad=True)


def penalty(enabled):
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
        y = net(x)
    g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
    P = (torch.linalg.vector_norm(g, dim=1) - 1).pow(2).mean()
    return y, g, P, torch.autograd.grad(P, net[0].weight)[0]


y, g, P, dP_dw = penalty(enabled=True)
exact = penalty(enabled=False)
error = ((dP_dw - exact[3]).norm() / exact[3].norm()).item()
print("y", y.dtype, "g", g.dtype, "dP_dw", dP_dw.dtype)
#> y torch.bfloat16 g torch.float32 dP_dw torch.float32
print("relative error between 0.0001 and 0.02:", 0.0001 < error < 0.02)
#> relative error between 0.0001 and 0.02: True
