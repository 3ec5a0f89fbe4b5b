# wrong: first is 0.0, the product is 0.1474
# right: guides/which_derivative/fisher.py
import torch
from torch import nn
from torch.func import functional_call, grad, vjp

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 3)).double()
params = {name: p.detach() for name, p in net.named_parameters()}
v = {name: torch.randn_like(p) for name, p in params.items()}
X = torch.randn(4, 2, dtype=torch.float64)


def logits(params):
    return functional_call(net, params, (X,))


def product(loss, v):
    """The Hessian of a loss of the parameters, times v."""
    return vjp(grad(loss), params)[1](v)[0]


# --8<-- [start:kl]
def divergence(params):
    new = logits(params).log_softmax(-1)
    old = new  # not detached
    return (old.exp() * (old - new)).sum(-1).mean()


Fv = product(divergence, v)
first = round(Fv["0.bias"][0].item(), 4)
print("product, first bias:", first)
#> product, first bias: 0.0
# --8<-- [end:kl]
