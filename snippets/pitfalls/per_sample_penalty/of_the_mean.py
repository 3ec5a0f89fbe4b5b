# wrong: dP_dw is [8.0, 4.0], the gradient is [10.0, 3.0]
# right: pitfalls/per_sample_penalty/right.py
import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
x = torch.tensor([[1.0, 0.0], [0.0, 0.5]], requires_grad=True)
D = (x**2) @ w
g = torch.autograd.grad(D.sum(), x, create_graph=True)[0]
length = torch.linalg.vector_norm(g, dim=1).mean()
P = ((length - 1) ** 2).mean()
dP_dw = torch.autograd.grad(P, w)[0]
print("length:", length.tolist(), "P:", P.item(), "dP_dw:", dP_dw.tolist())
#> length: 5.0 P: 16.0 dP_dw: [8.0, 4.0]
