import torch
from torch.func import grad

x = torch.tensor(2.0)
linear = grad(grad(lambda x: 3 * x))(x)
cubic = grad(grad(lambda x: x**3))(x)
print("linear:", linear.item(), "cubic:", cubic.item())
#> linear: 0.0 cubic: 12.0
