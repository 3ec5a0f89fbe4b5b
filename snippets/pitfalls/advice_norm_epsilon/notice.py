import torch


def dP_dw(norm):
    w = torch.zeros(2, requires_grad=True)
    grad = torch.autograd.grad(w.pow(2).sum(), w, create_graph=True)[0]
    return torch.autograd.grad(norm(grad), w)[0]


norms = {
    "outside": lambda g: g.pow(2).sum().sqrt() + 1e-12,
    "shifted": lambda g: (g + 1e-16).norm(),
    "under the root": lambda g: (g.pow(2).sum() + 1e-12).sqrt(),
}
for name, norm in norms.items():
    print(f"{name}: {dP_dw(norm).eq(0).all().item()}")
#> outside: False
#> shifted: False
#> under the root: True
