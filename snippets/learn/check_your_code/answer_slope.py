import torch

torch.set_default_dtype(torch.float64)
w = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([0.6, 0.8])


def penalty(w):
    g = torch.autograd.grad(
        (w**3).sum(), w, create_graph=True
    )[0]
    return 1e-4 * g.pow(2).sum().sqrt() * g.detach().norm()


def off(f):
    """Return how far autograd is off, as a fraction of the difference."""
    slope = torch.autograd.grad(f(w), w)[0] @ v
    ahead, behind = f(w + 1e-6 * v), f(w - 1e-6 * v)
    difference = (ahead - behind) / 2e-6
    return (1 - slope / difference).item()


print(f"{off(penalty):.1%}")
#> 50.0%
print(f"{off(lambda w: (w**3).sum() + penalty(w)):.1%}")
#> 0.1%
