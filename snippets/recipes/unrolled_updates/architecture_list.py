# right: recipes/unrolled_updates/architecture_module.py
import torch
from torch import nn

net = nn.Linear(4, 2)
arch_parameters = [1e-3 * torch.randn(2)]  # a plain list of plain tensors
x, y = torch.randn(8, 4), torch.randn(8)
loss = (net(x) @ arch_parameters[0].softmax(0) - y).square().mean()
torch.autograd.grad(loss, arch_parameters)
#! RuntimeError: One of the differentiated Tensors does not require grad
