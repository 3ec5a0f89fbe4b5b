import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
h = torch.stack([x[0] ** 2, x[0] * x[1]])
rows = [torch.autograd.grad(h_j, x, create_graph=True)[0] for h_j in h]
J = torch.stack(rows)
P = J.pow(2).sum()
dP_dx = torch.autograd.grad(P, x)[0]
print("J:", J.tolist(), "P:", P.item(), "dP_dx:", dP_dx.tolist())
#> J: [[2.0, 0.0], [2.0, 1.0]] P: 9.0 dP_dx: [10.0, 4.0]
