import torch

X = torch.tensor([[2.0, 0.0], [0.0, 0.5], [0.5, 0.5], [0.0, 2.0]])
batches = [X[:2], X[2:]]
w = torch.zeros(2, requires_grad=True)


def product(X, v):
    loss = (X @ w - 1).square().mean() / 2
    (g,) = torch.autograd.grad(loss, w, create_graph=True)
    return torch.autograd.grad(g, w, v)[0]


v = torch.tensor([1.0, 1.0])
for _ in range(100):
    v = v / v.norm()
    Hv = sum(product(batch, v) for batch in batches) / 2
    top, v = Hv.norm().item(), Hv
print(f"{top:.4f}")
#> 1.1636
