# right: pitfalls/hooks/in_place_module_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(
    nn.Linear(2, 3),
    nn.ReLU(inplace=True),
    nn.Linear(3, 1),
)
net[0].register_full_backward_hook(lambda module, grad_in, grad_out: None)
net(torch.rand(4, 2))
#! RuntimeError: Output 0 of BackwardHookFunction is a view and is being modified inplace.
#!   This view was created inside a custom Function (or because an input was returned as-is)
#!   and the autograd logic to handle view+inplace would override the custom backward
#!   associated with the custom Function, leading to incorrect gradients. This behavior is
#!   forbidden. You can fix this by cloning the output of the custom Function.
