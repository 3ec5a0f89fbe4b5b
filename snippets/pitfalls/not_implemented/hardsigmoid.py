# right: pitfalls/not_implemented/replaced.py
import torch

x = torch.tensor([0.5, -1.0], requires_grad=True)
y = torch.nn.functional.hardsigmoid(x).pow(2).sum()
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
torch.autograd.grad(dy_dx.sum(), x)
#! RuntimeError: derivative for aten::hardsigmoid_backward is not implemented
