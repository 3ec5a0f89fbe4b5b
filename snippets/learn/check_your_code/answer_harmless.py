import torch

torch.set_default_dtype(torch.float64)
w = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([0.6, 0.8])


def spread(w):
    g = torch.autograd.grad(
        (w**3).sum(), w, create_graph=True
    )[0]
    mean = g.detach().mean()
    return ((g - mean) ** 2).sum()


autograd = torch.autograd.grad(spread(w), w)[0] @ v
ahead, behind = spread(w + 1e-6 * v), spread(w - 1e-6 * v)
difference = (ahead - behind) / 2e-6
print(f"autograd {autograd:.4f}, difference {difference:.4f}")
#> autograd 54.0000, difference 54.0000
