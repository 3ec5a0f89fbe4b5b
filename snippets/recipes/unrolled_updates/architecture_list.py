# right: recipes/unrolled_updates/architecture_module.py
import torch
from torch import nn

net = nn.Linear(4, 2)
arch_parameters = [torch.zeros(2)]  # a plain list of plain tensors
mixed = net(torch.randn(8, 4)) @ arch_parameters[0].softmax(0)
loss = mixed.square().mean()
torch.autograd.grad(loss, arch_parameters)
#! RuntimeError: One of the differentiated Tensors does not require grad
