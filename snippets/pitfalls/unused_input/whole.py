import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)).double()
x = torch.rand(5, 1, dtype=torch.float64)
t = torch.rand(5, 1, dtype=torch.float64)
xt = torch.cat([x, t], dim=1).requires_grad_()
u = net(xt)
u_xt = torch.autograd.grad(u.sum(), xt, create_graph=True)[0]
# --8<-- [mark]
u_x, u_t = u_xt[:, :1], u_xt[:, 1:]
u_tt = torch.autograd.grad(u_t.sum(), xt)[0][:, 1:]
print(u_tt.flatten().numpy().round(4))
#> [-0.0363  0.0424 -0.0282  0.044   0.0575]
