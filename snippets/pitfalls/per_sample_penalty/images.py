# wrong: P is 1.0, the penalty is 9.0
# right: pitfalls/per_sample_penalty/flattened.py
import torch

w = torch.ones(1, 2, 2, requires_grad=True)
x = torch.ones(3, 1, 2, 2, requires_grad=True)
D = (w * x**2).sum(dim=(1, 2, 3))
g = torch.autograd.grad(D.sum(), x, create_graph=True)[0]
length = torch.linalg.vector_norm(g, dim=1)
P = ((length - 1) ** 2).mean()
dP_dw = torch.autograd.grad(P, w)[0].flatten()
print("shape:", list(length.shape))
#> shape: [3, 2, 2]
print("P:", P.item(), "dP_dw:", dP_dw.tolist())
#> P: 1.0 dP_dw: [1.0, 1.0, 1.0, 1.0]
