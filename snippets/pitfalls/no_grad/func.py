# wrong: slope is 1.0, the derivative is 13.0
# right: pitfalls/no_grad/func_right.py
import torch


def partial_loss(a):
    return a**3


def loss(a):
    with torch.no_grad():
        da = torch.func.grad(partial_loss)(a)
    return a + da * 2


slope = torch.func.grad(loss)(torch.tensor(1.0)).item()
print("slope:", slope)
#> slope: 1.0
