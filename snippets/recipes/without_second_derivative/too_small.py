# wrong: dP_dw is 0.0, the derivative is 0.087
# right: recipes/without_second_derivative/step.py
import torch

x, w = torch.tensor(1.0), torch.tensor(0.7, requires_grad=True)
h = 1e-8  # x + h is x in float32


def f(x):
    return torch.tanh(w * x)


P = ((f(x + h) - f(x - h)) / (2 * h)).pow(2)
(dP_dw,) = torch.autograd.grad(P, w)
print(round(dP_dw.item(), 3))
#> 0.0
