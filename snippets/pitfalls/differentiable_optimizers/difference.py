import torch


def meta_loss(a):
    t = torch.tensor([a], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([t], lr=0.1, momentum=0.9)
    (t**4).sum().backward()
    optimizer.step()
    return t.item() ** 2


dM_da = (meta_loss(1.0 + 1e-6) - meta_loss(1.0 - 1e-6)) / 2e-6
print(f"dM_da: {dM_da:.2f}")
#> dM_da: -0.24
