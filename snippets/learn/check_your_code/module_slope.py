import torch

torch.manual_seed(0)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)
).double()
x = torch.randn(8, 3, dtype=torch.float64, requires_grad=True)
params = list(net.parameters())


def penalty():
    g = torch.autograd.grad(
        net(x).sum(), x, create_graph=True
    )[0]
    return g.pow(2).sum(1).mean()


def value_at(step):
    """The penalty, with the parameters moved by ``step * v``, and back."""
    with torch.no_grad():
        for p, d in zip(params, v):
            p.add_(d, alpha=step)
    value = penalty().item()
    with torch.no_grad():
        for p, d in zip(params, v):
            p.sub_(d, alpha=step)
    return value


v = [torch.randn_like(p) for p in params]
difference = (value_at(1e-5) - value_at(-1e-5)) / 2e-5
found = torch.autograd.grad(penalty(), params, allow_unused=True)
slope = sum((g * d).sum() for g, d in zip(found, v) if g is not None)
print(f"{slope.item():.4f} {difference:.4f}")
#> 0.0441 0.0441
