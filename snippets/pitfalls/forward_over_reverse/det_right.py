import torch

A = torch.eye(2, requires_grad=True)
dA = torch.autograd.grad(torch.linalg.det(A), A, create_graph=True)[0]
mixed = torch.autograd.grad(dA[0, 0], A)[0][1, 1].item()
print("mixed:", mixed)
#> mixed: 1.0
