import torch
from torch.func import functional_call, grad, vmap

torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)).double()
x = torch.randn(4, 2, dtype=torch.float64)


def penalty(params, x):
    critic = lambda one: functional_call(net, params, (one,)).squeeze(-1)
    return vmap(grad(critic))(x).pow(2).sum(dim=1).mean()


params = dict(net.named_parameters())
compiled = torch.compile(penalty, backend="aot_eager", fullgraph=True)
values = list(params.values())
plain = torch.autograd.grad(penalty(params, x), values, allow_unused=True)
fast = torch.autograd.grad(compiled(params, x), values, allow_unused=True)
same = [torch.allclose(a, b) for a, b in zip(plain, fast) if a is not None]
print("the same gradients:", same)
#> the same gradients: [True, True, True]
