import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))


# --8<-- [start:validate]
# --8<-- [mark]
@torch.enable_grad()
def penalized(net, x, y):
    x = x.detach().requires_grad_()
    output = net(x)
    slope = torch.autograd.grad(
        output.sum(),
        x,
        create_graph=True,
    )[0]
    penalty = slope.flatten(1).pow(2).sum(dim=1).mean()
    return ((output - y) ** 2).mean() + penalty


@torch.no_grad()
def validate(net, x, y):
    return penalized(net, x, y).item()


loss = validate(net, torch.randn(8, 2), torch.randn(8, 1))
print("a number:", loss > 0)
#> a number: True
# --8<-- [end:validate]
