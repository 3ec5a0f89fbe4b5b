# --8<-- [start:setup]
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
# --8<-- [end:setup]


# --8<-- [start:kl]
old = logits(params).log_softmax(-1).detach()


def divergence(params):  # KL(old, new), zero at old = new
    new = logits(params).log_softmax(-1)
    return (old.exp() * (old - new)).sum(-1).mean()


Fv = product(divergence, v)
first = round(Fv["0.bias"][0].item(), 4)
print("product, first bias:", first)
#> product, first bias: 0.1474
# --8<-- [end:kl]


# --8<-- [start:gauss-newton]
outputs, pull = vjp(logits, params)
dummy = torch.zeros_like(outputs)
Jv = vjp(lambda u: pull(u)[0], dummy)[1](v)[0]  # J v, by reverse mode twice
p = outputs.softmax(-1)
Gv = pull(p * (Jv - (p * Jv).sum(-1, keepdim=True)) / len(X))[0]
print("the same:", all(torch.allclose(Fv[name], Gv[name]) for name in params))
#> the same: True
# --8<-- [end:gauss-newton]
