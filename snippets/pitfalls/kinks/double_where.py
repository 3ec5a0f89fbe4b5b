import torch

x = torch.tensor([4.0, 0.0], requires_grad=True)
mask = torch.tensor([True, False])
# --8<-- [mark]
safe = torch.where(mask, x, 1.0)
u = torch.where(mask, safe**1.5, 0.0).sum()
u_x = torch.autograd.grad(u, x, create_graph=True)[0]
P = u_x.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0]
print("u_x:", u_x.tolist(), "P:", P.item(), "dP_dx:", dP_dx.tolist())
#> u_x: [3.0, 0.0] P: 9.0 dP_dx: [2.25, 0.0]
