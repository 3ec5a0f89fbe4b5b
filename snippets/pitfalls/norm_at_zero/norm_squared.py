# wrong: ddP is [nan, nan], the diagonal of the Hessian is [8.0, 8.0]
# right: pitfalls/norm_at_zero/sum_of_squares.py
import torch

w = torch.zeros(2, requires_grad=True)
L = w.pow(2).sum()
g = torch.autograd.grad(L, w, create_graph=True)[0]
P = torch.linalg.vector_norm(g) ** 2
dP = torch.autograd.grad(P, w, create_graph=True)[0]
ddP = torch.autograd.grad(dP.sum(), w)[0]
print("dP:", dP.tolist(), "ddP:", ddP.tolist())
#> dP: [0.0, 0.0] ddP: [nan, nan]
