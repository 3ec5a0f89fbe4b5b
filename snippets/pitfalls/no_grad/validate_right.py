import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))


# --8<-- [start:validate]
def penalized(net, x, y):
    # --8<-- [mark]
    with torch.inference_mode(False):
        x, y = x.clone(), y.clone()
        x = x.detach().requires_grad_()
        energy = net(x)
        forces = -torch.autograd.grad(
            energy.sum(),
            x,
            create_graph=True,
        )[0]
        return ((energy - y) ** 2).mean() + forces.pow(2).mean()


@torch.inference_mode()
def validate(net, x, y):
    return penalized(net, x, y).item()


loss = validate(net, torch.randn(8, 3), torch.randn(8, 1))
print("a number:", loss > 0)
#> a number: True
# --8<-- [end:validate]
