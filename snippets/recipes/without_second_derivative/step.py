import torch

torch.set_default_dtype(torch.float64)
x, w = torch.tensor(1.0), torch.tensor(0.7, requires_grad=True)
h = 1e-5  # the error falls with h**2, until rounding takes over


def f(x):
    return torch.tanh(w * x)


P = ((f(x + h) - f(x - h)) / (2 * h)).pow(2)
(dP_dw,) = torch.autograd.grad(P, w)
print(round(dP_dw.item(), 3))
#> 0.087
