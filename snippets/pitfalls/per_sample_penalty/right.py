import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
x = torch.tensor([[1.0, 0.0], [0.0, 0.5]], requires_grad=True)
D = (x**2) @ w
g = torch.autograd.grad(D.sum(), x, create_graph=True)[0]
length = torch.linalg.vector_norm(g, dim=1)
P = ((length - 1) ** 2).mean()
dP_dw = torch.autograd.grad(P, w)[0]
print("length:", length.tolist(), "P:", P.item(), "dP_dw:", dP_dw.tolist())
#> length: [6.0, 4.0] P: 17.0 dP_dw: [10.0, 3.0]
