# right: pitfalls/compile/critic_right.py
import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 16), nn.SiLU(), nn.Linear(16, 1))
critic = torch.compile(net, backend="aot_eager", dynamic=True)
x = torch.randn(8, 2, requires_grad=True)
slope = torch.autograd.grad(critic(x).sum(), x, create_graph=True)[0]
#! RuntimeError: This backward function was compiled with non-empty donated buffers which
#!   requires create_graph=False and retain_graph=False. Please keep
#!   backward(create_graph=False, retain_graph=False) across all backward() function calls,
#!   or set torch._functorch.config.donated_buffer=False to disable donated buffer.
