import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
x, y = torch.randn(64, 3), torch.randn(64, 1)
net = torch.nn.Sequential(
    torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Dropout(0.2), torch.nn.Linear(8, 1)
)
params = list(net.parameters())
b = torch.ones(sum(p.numel() for p in params))


def flat(tensors):
    return torch.cat([t.flatten() for t in tensors])


# --8<-- [start:test]
def asymmetry(product, b, tries=3):
    """Return how far u.Hv is from v.Hu, and H(u + v) from Hu + Hv, relative to their sizes."""
    off = []
    for _ in range(tries):
        u, v = torch.randn_like(b), torch.randn_like(b)  # of b's type and device
        Hu, Hv, both = product(u), product(v), product(u + v)
        off.append((u @ Hv - v @ Hu).abs() / (u.norm() * Hv.norm()))
        off.append((both - Hu - Hv).norm() / both.norm())
    return torch.stack(off).max().item()  # nan, if a product is


# --8<-- [end:test]
def product(v, rows=slice(None)):
    loss = (net(x[rows]) - y[rows]).square().mean()
    g = flat(torch.autograd.grad(loss, params, create_graph=True))
    return flat(torch.autograd.grad(g, params, v))


def another_batch(v):
    return product(v, torch.randint(64, (16,)))


# --8<-- [start:cases]
found = {"dropout": asymmetry(product, b)}
net.eval()
found["another batch"] = asymmetry(another_batch, b)
found["right"] = asymmetry(product, b)
for name, off in found.items():
    print(f"{name}: {off < 1e-10}")
#> dropout: False
#> another batch: False
#> right: True
# --8<-- [end:cases]
off_dropout, off_batch, off_right = found.values()
