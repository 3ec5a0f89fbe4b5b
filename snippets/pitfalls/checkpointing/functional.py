import torch
from torch import nn
from torch.func import functional_call
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 2)).double()
x = torch.randn(4, 3, dtype=torch.float64)
weights = {
    name: (1.5 * weight.detach()).requires_grad_()
    for name, weight in net.named_parameters()
}


class Saving(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = net

    def forward(self, x):
        return checkpoint(self.net, x, use_reentrant=False)


def call(weights, x):
    return functional_call(net, weights, x)


def inside(weights, x):
    own = {f"net.{name}": weight for name, weight in weights.items()}
    return functional_call(Saving(), own, x)


def around(weights, x):
    return checkpoint(call, weights, x, use_reentrant=False)


def gradient(way):
    L = way(weights, x).pow(2).sum()
    return torch.autograd.grad(L, weights["0.weight"])[0]


wanted, wrong, right = gradient(call), gradient(inside), gradient(around)
for name, slope in (("inside", wrong), ("around", right)):
    same = torch.allclose(slope, wanted)
    print(f"checkpoint {name}: {'right' if same else 'wrong'}")
#> checkpoint inside: wrong
#> checkpoint around: right
