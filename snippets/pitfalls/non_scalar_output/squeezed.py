# right: pitfalls/non_scalar_output/squeezed_right.py
import torch
from torch import nn

critic = nn.Linear(3, 1)
for n in (4, 1):  # the last batch of an epoch has one sample
    x = torch.randn(n, 3, requires_grad=True)
    scores = critic(x).squeeze()
    torch.autograd.grad(scores, x, torch.ones(n), create_graph=True)
#! RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([1]) and output[0]
#!   has a shape of torch.Size([]).
