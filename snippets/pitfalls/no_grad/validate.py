# right: pitfalls/no_grad/validate_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))


# --8<-- [start:validate]
def penalized(net, x, y):
    # --8<-- [mark]
    with torch.enable_grad():
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


validate(net, torch.randn(8, 3), torch.randn(8, 1))
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
# --8<-- [end:validate]
