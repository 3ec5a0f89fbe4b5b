import torch


def dP_dw(eps):
    w = torch.zeros(2, requires_grad=True)
    grad = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
    P = (grad + eps).norm()
    return torch.autograd.grad(P, w)[0][0].item()


for eps in (1e-6, 1e-16, -1e-16, 1e-30):
    print(f"eps {eps}: {dP_dw(eps):.4f}")
#> eps 1e-06: 1.4142
#> eps 1e-16: 1.4142
#> eps -1e-16: -1.4142
#> eps 1e-30: 0.0000
