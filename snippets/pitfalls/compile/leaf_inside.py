# right: pitfalls/compile/module.py
import torch
from torch import nn

torch._dynamo.config.trace_autograd_ops = True
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))


@torch.compile(backend="aot_eager", fullgraph=True)
def penalty(x):
    x = x.detach().requires_grad_()
    slope = torch.autograd.grad(net(x).sum(), x, create_graph=True)[0]
    return slope.pow(2).sum()


penalty(torch.randn(4, 2))
#! torch._dynamo.exc.Unsupported: returning intermediate with requires_grad_() Explanation:
#!   An intermediate tensor that had requires_grad_() called on it (or a tensor derived from
#!   it) is being returned from the compiled region. ...
