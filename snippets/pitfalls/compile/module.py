import torch
from torch import nn
from torch.func import grad, vmap

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1)).double()
x = torch.randn(4, 2, dtype=torch.float64)


# --8<-- [start:loss]
def critic_loss(x):
    score = lambda one: net(one).squeeze(-1)
    slopes = vmap(grad(score))(x)  # one row for each sample
    penalty = ((slopes.norm(dim=1) - 1) ** 2).mean()
    return net(x).mean() + 10 * penalty


compiled = torch.compile(critic_loss, backend="aot_eager", fullgraph=True)
# --8<-- [end:loss]
weights = list(net.parameters())
plain = torch.autograd.grad(critic_loss(x), weights)
fast = torch.autograd.grad(compiled(x), weights)
same = [torch.allclose(a, b) for a, b in zip(plain, fast)]
print("the same gradients:", same)
#> the same gradients: [True, True, True, True]
