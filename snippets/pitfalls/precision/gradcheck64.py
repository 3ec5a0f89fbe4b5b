import torch

x = torch.tensor([0.3, -0.7], dtype=torch.float64, requires_grad=True)
first = torch.autograd.gradcheck(torch.tanh, x)
second = torch.autograd.gradgradcheck(torch.tanh, x)
print("gradcheck:", first, "gradgradcheck:", second)
#> gradcheck: True gradgradcheck: True
