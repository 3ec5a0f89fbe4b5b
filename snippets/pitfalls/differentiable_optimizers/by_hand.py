import torch

a = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)


def meta_loss(a, steps=3, lr=0.1, momentum=0.9):
    t, buffer = a, torch.zeros_like(a)
    for _ in range(steps):
        L = t.pow(4).sum() + t.pow(2).sum()
        g = torch.autograd.grad(L, t, create_graph=True)[0]
        buffer = momentum * buffer + g
        t = t - lr * buffer
    return t.pow(2).sum()


dM_da = torch.autograd.grad(meta_loss(a), a)[0].item()
h = 1e-6
difference = ((meta_loss(a + h) - meta_loss(a - h)) / (2 * h)).item()
print(f"dM_da: {dM_da:.4f} difference: {difference:.4f}")
#> dM_da: 3.2201 difference: 3.2201
