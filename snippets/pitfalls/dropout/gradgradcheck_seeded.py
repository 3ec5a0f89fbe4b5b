import torch

x = torch.linspace(1.0, 2.0, 8, dtype=torch.float64, requires_grad=True)


def f(x):
    torch.manual_seed(0)
    return torch.nn.functional.dropout(x**3, p=0.5)


passes = torch.autograd.gradgradcheck(f, x)
print("passes:", passes)
#> passes: True
