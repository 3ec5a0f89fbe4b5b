import torch

w = torch.tensor([3.0, 4.0], requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
dy_dx = torch.autograd.grad((w * x).sum(), x, create_graph=True)[0]
print("requires grad:", dy_dx.requires_grad)
#> requires grad: True
torch.autograd.grad(dy_dx.sum(), x)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the
#!   graph. Set allow_unused=True if this is the desired behavior.
