import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
x = torch.tensor([[1.0, 0.0], [0.0, 0.5]])
excess = []
for sample in x:
    one = sample.clone().requires_grad_()
    D = (one**2) @ w
    g = torch.autograd.grad(D, one, create_graph=True)[0]
    excess.append((torch.linalg.vector_norm(g) - 1) ** 2)
P = torch.stack(excess).mean()
dP_dw = torch.autograd.grad(P, w)[0]
print("P:", P.item(), "dP_dw:", dP_dw.tolist())
#> P: 17.0 dP_dw: [10.0, 3.0]
