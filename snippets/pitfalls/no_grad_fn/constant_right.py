import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
for u in ((x**3).sum(), (3 * x).sum()):
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    u_x = u_x + 0 * x
    u_xx = torch.autograd.grad(u_x.sum(), x)[0]
    print("u_x:", u_x.tolist(), "u_xx:", u_xx.tolist())
#> u_x: [3.0, 12.0] u_xx: [6.0, 12.0]
#> u_x: [3.0, 3.0] u_xx: [0.0, 0.0]
