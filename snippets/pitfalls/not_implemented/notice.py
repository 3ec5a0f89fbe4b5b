import torch
from torch.autograd import gradgradcheck

x = torch.tensor([0.5, -1.0], dtype=torch.float64, requires_grad=True)
try:
    gradgradcheck(torch.nn.functional.hardsigmoid, x)
except RuntimeError as error:
    print(error)
#> derivative for aten::hardsigmoid_backward is not implemented
