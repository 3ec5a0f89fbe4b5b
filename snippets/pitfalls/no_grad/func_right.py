import torch


def partial_loss(a):
    return a**3


def loss(a):
    da = torch.func.grad(partial_loss)(a)
    return a + da * 2


slope = torch.func.grad(loss)(torch.tensor(1.0)).item()
print("slope:", slope)
#> slope: 13.0
