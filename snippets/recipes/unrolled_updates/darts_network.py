# uses: recipes/unrolled_updates/unrolled.py
import torch
from torch import nn
from torch.func import functional_call
from unrolled import architecture_gradient

torch.set_default_dtype(torch.float64)


# --8<-- [start:use]
class Mixed(nn.Module):
    """A layer with two candidate operations, weighted by a softmax."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(4, 8), nn.Linear(4, 8)
        self.head = nn.Linear(8, 1)
        self.alpha = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        share = self.alpha.softmax(0)
        mixed = share[0] * self.first(x).relu() + share[1] * self.second(x).tanh()
        return self.head(mixed)


def loss_on(net, x, y):
    """Return the loss as a function of weights and of architecture parameters."""
    return lambda w, a: (functional_call(net, {**w, **a}, (x,)) - y).square().mean()


torch.manual_seed(0)
net = Mixed()
weights = {n: p for n, p in net.named_parameters() if n != "alpha"}
alphas = {"alpha": net.alpha}
train = loss_on(net, torch.randn(32, 4), torch.randn(32, 1))
valid = loss_on(net, torch.randn(32, 4), torch.randn(32, 1))
gradient = architecture_gradient(train, valid, weights, alphas, rate=0.1)
net.alpha.grad = gradient["alpha"]  # then the optimizer of the alphas steps
# --8<-- [end:use]


# --8<-- [start:difference]
def by_differences(train, valid, weights, alphas, rate, size=0.01):
    """The paper's equation 8: two more gradients, and no second derivative."""
    w = {n: p.detach().requires_grad_() for n, p in weights.items()}
    g = torch.autograd.grad(train(w, alphas), list(w.values()))
    moved = {n: (p - rate * s).detach().requires_grad_() for (n, p), s in zip(w.items(), g)}
    names = [*moved.values(), alphas["alpha"]]
    *v, direct = torch.autograd.grad(valid(moved, alphas), names)
    norm = torch.cat([s.flatten() for s in v]).norm()
    eps = size / norm

    def slope(sign):  # at w, and not at w'
        at = {n: p + sign * eps * s for (n, p), s in zip(w.items(), v)}
        return torch.autograd.grad(train(at, alphas), alphas["alpha"])[0]

    return direct - rate * (slope(1) - slope(-1)) / (2 * eps), direct


# --8<-- [end:difference]
exact = gradient["alpha"]
approximate, first_order = by_differences(train, valid, weights, alphas, 0.1)
off = ((approximate - exact).norm() / exact.norm()).item()
off_first = ((first_order - exact).norm() / exact.norm()).item()
print(f"differences: {off < 1e-6}, first order: {off_first < 1e-6}")
#> differences: True, first order: False
