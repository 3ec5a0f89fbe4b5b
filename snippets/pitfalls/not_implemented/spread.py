# right: pitfalls/not_implemented/spread_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 4))
x = torch.randn(8, 2)


# --8<-- [start:loss]
def spread_loss(net, x):
    x = x.detach().requires_grad_()
    features = net(x)
    # --8<-- [mark]
    spread = torch.cdist(features, features).mean()
    slope = torch.autograd.grad(spread, x, create_graph=True)[0]
    return slope.square().sum() - spread


spread_loss(net, x).backward()
#! NotImplementedError: the derivative for '_cdist_backward' is not implemented.
# --8<-- [end:loss]
