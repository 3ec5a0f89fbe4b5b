import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
x = torch.randn(16, 2, requires_grad=True)
W, v = torch.randn(2, 8, requires_grad=True), torch.randn(2, 8)

def parts(W):
    y = torch.tanh(x @ W).sum(dim=1)
    g = torch.autograd.grad(y.sum(), x, create_graph=True)[0]
    length = g.norm(dim=1)
    largest = length.detach().max()
    share = torch.softmax(length - largest, dim=0)
    ratio = length / length.data.mean()
    P = share @ ratio
    return {"y": y, "g": g, "share": share, "ratio": ratio, "P": P}

factors = {name: torch.randn_like(part) for name, part in parts(W).items()}

def slopes(name):
    """Return two slopes of a part along v: autograd's, and a difference."""

    def number(W):
        return (factors[name] * parts(W)[name]).sum()

    autograd = (torch.autograd.grad(number(W), W)[0] * v).sum()
    ahead, behind = number(W + 1e-6 * v), number(W - 1e-6 * v)
    return autograd.item(), ((ahead - behind) / 2e-6).item()

found = [slopes(name) for name in parts(W)]
for name, (autograd, difference) in zip(parts(W), found):
    print(f"{name}: autograd {autograd:.4f}, difference {difference:.4f}")
#> y: autograd -5.8732, difference -5.8732
#> g: autograd -5.5122, difference -5.5122
#> share: autograd -0.4708, difference -0.4708
#> ratio: autograd 5.1732, difference -2.6159
#> P: autograd -3.6588, difference -0.0414
