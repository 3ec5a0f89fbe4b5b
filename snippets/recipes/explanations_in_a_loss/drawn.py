import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, 2))
X, labels = torch.randn(8, 4), torch.randint(2, (8,))


def saliency(x):
    x = x.detach().requires_grad_()
    return torch.autograd.grad(net(x)[:, 0].sum(), x)[0]


def loss(before):
    torch.manual_seed(0)
    before()
    return nn.functional.cross_entropy(net(X), labels).item()


# --8<-- [start:apart]
def apart():
    """Compute a map without a trace in what training does next."""
    net.eval()
    with torch.random.fork_rng():
        found = saliency(X)
    net.train()
    return found


alone = loss(lambda: None)
print("a map before:", loss(lambda: saliency(X)) == alone)
#> a map before: False
print("a map apart:", loss(apart) == alone)
#> a map apart: True
# --8<-- [end:apart]
