import torch

torch.manual_seed(0)
x = torch.linspace(1.0, 2.0, 1000, requires_grad=True)
u = torch.nn.functional.dropout(x**3, p=0.5)
u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
u_xx = torch.autograd.grad(u_x.sum(), x)[0]
mask = (u / x**3).round()
print("values in the mask:", mask.unique().tolist())
#> values in the mask: [0.0, 2.0]
first = torch.allclose(u_x, mask * 3 * x**2)
second = torch.allclose(u_xx, mask * 6 * x)
print("the same mask in u_x:", first, "and in u_xx:", second)
#> the same mask in u_x: True and in u_xx: True
