# wrong: dP_dx is [18.0, 8.0], the gradient is [10.0, 4.0]
# right: pitfalls/non_scalar_output/ones_right.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
h = torch.stack([x[0] ** 2, x[0] * x[1]])
ones = torch.ones_like(h)
J = torch.autograd.grad(h, x, grad_outputs=ones, create_graph=True)[0]
P = J.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0]
print("J:", J.tolist(), "P:", P.item(), "dP_dx:", dP_dx.tolist())
#> J: [4.0, 1.0] P: 17.0 dP_dx: [18.0, 8.0]
