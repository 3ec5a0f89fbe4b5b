import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)).double()
x = torch.rand(5, 1, dtype=torch.float64).requires_grad_()
t = torch.rand(5, 1, dtype=torch.float64).requires_grad_()
# --8<-- [mark]
u = net(torch.cat([x, t], dim=1))
u_x, u_t = torch.autograd.grad(u.sum(), [x, t], create_graph=True)
u_tt = torch.autograd.grad(u_t.sum(), t)[0]
print(u_tt.flatten().numpy().round(4))
#> [-0.0363  0.0424 -0.0282  0.044   0.0575]
