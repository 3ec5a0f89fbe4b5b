import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
inner = x.clone()
inner[0] = 0.0
u = (inner**3).sum()
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x)[0]
print("u_x:", u_x.tolist(), "u_xx:", u_xx.tolist())
#> u_x: [0.0, 12.0] u_xx: [0.0, 12.0]
