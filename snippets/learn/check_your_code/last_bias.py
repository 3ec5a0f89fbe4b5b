import torch

net = torch.nn.Linear(2, 1)
x = torch.ones(4, 2, requires_grad=True)
dy_dx = torch.autograd.grad(
    net(x).sum(), x, create_graph=True
)[0]
penalty = dy_dx.pow(2).sum()
dP_dweight = torch.autograd.grad(
    penalty, net.weight, retain_graph=True
)[0]
print(torch.allclose(dP_dweight, 8 * net.weight))
#> True

torch.autograd.grad(penalty, [net.weight, net.bias])
#! RuntimeError: The differentiated Tensor at index 1 appears to not have
#!   been used in the graph. Set allow_unused=True if this is the desired
#!   behavior.
