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

def slopes(name):
    """Return two slopes of a part along v: autograd's, and a difference."""
    return 0.0, 0.0  # complete, with a number made of parts(W)[name]

for name in parts(W):
    autograd, difference = slopes(name)
    print(f"{name}: autograd {autograd:.4f}, difference {difference:.4f}")
#> y: autograd 0.0000, difference 0.0000
#> g: autograd 0.0000, difference 0.0000
#> share: autograd 0.0000, difference 0.0000
#> ratio: autograd 0.0000, difference 0.0000
#> P: autograd 0.0000, difference 0.0000
