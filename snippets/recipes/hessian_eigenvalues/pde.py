# uses: recipes/hessian_eigenvalues/eigenvalues.py
import torch
from eigenvalues import data_product, top_eigenvalue

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))


def residual(batch):  # of u'' = -sin(u)
    x = batch[0].detach().requires_grad_()
    u = net(x)
    (u_x,) = torch.autograd.grad(u.sum(), x, create_graph=True)
    (u_xx,) = torch.autograd.grad(u_x.sum(), x, create_graph=True)
    return (u_xx + u.sin()).square().mean()


weights = list(net.parameters())
points = [(x,) for x in torch.rand(50, 1).split(16)]  # or a DataLoader
top, _ = top_eigenvalue(data_product(residual, weights, points), weights)
print(f"{top:.2f}")
#> 4.36
