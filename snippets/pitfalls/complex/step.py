# right: pitfalls/complex/step_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Linear(4, 3, dtype=torch.complex64)
z = torch.randn(8, 4, dtype=torch.complex64)
target = torch.randn(8, 3, dtype=torch.complex64)


# --8<-- [start:loss]
def smooth_loss(net, z, target):
    z = z.detach().requires_grad_()
    error = torch.view_as_real(net(z) - target)
    loss = error.pow(2).sum() / len(z)
    slope = torch.autograd.grad(loss, z, create_graph=True)[0]
    # --8<-- [mark]
    return loss + slope.pow(2).sum()


smooth_loss(net, z, target).backward()
#! RuntimeError: grad can be implicitly created only for real scalar outputs but got
#!   torch.complex64
# --8<-- [end:loss]
