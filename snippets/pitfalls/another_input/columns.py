import torch

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)).double()
x, t = torch.rand(2, 5, 1, dtype=torch.float64).requires_grad_()
u = net(torch.cat([x, t], dim=1))
u_t = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
u_tt = torch.autograd.grad(u_t.sum(), t)[0]
print(u_tt.flatten().numpy().round(4))
#> [-0.0363  0.0424 -0.0282  0.044   0.0575]
