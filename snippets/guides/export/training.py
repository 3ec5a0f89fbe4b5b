import torch
from torch import nn
from torch.func import functional_call, grad, grad_and_value
from torch.fx.experimental.proxy_tensor import make_fx

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
params = dict(net.named_parameters())
x1, x2 = torch.randn(3, 2), torch.randn(5, 2)


# --8<-- [start:record]
def loss(params, x):
    forces = grad(lambda x: functional_call(net, params, (x,)).sum())(x)
    return forces.pow(2).sum()


def step(params, x):
    return grad_and_value(loss)(params, x)


recorded = make_fx(step, tracing_mode="symbolic")(params, x1)
compiled = torch.compile(recorded, backend="aot_eager")
gradients, value = compiled(params, x2)
true, true_value = step(params, x2)
print(torch.allclose(value, true_value))
#> True
print(all(torch.allclose(gradients[name], true[name]) for name in true))
#> True
# --8<-- [end:record]
