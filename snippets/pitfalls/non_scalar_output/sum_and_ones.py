import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
u = x**3
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x)[0]
print("u_x:", u_x.tolist(), "u_xx:", u_xx.tolist())
#> u_x: [3.0, 12.0] u_xx: [6.0, 12.0]
u = x**3
ones = torch.ones_like(u)
same_x = torch.autograd.grad(u, x, grad_outputs=ones, create_graph=True)[0]
same_xx = torch.autograd.grad(same_x, x, grad_outputs=ones)[0]
print(torch.equal(u_x, same_x), torch.equal(u_xx, same_xx))
#> True True
