# wrong: dP_dw is [2.0, 0.5], the gradient is [10.0, 3.0]
# right: pitfalls/per_sample_penalty/right.py
import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
x = torch.tensor([[1.0, 0.0], [0.0, 0.5]], requires_grad=True)
D = (x**2) @ w
g = torch.autograd.grad(D.mean(), x, create_graph=True)[0]
length = torch.linalg.vector_norm(g, dim=1)
P = ((length - 1) ** 2).mean()
dP_dw = torch.autograd.grad(P, w)[0]
print("length:", length.tolist(), "P:", P.item(), "dP_dw:", dP_dw.tolist())
#> length: [3.0, 2.0] P: 2.5 dP_dw: [2.0, 0.5]
