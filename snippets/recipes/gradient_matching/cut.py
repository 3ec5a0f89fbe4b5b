# wrong: dD_dx is [0.01, -0.02], the derivative is [-0.2319, -0.0619]
# right: recipes/gradient_matching/kept.py
import torch

w = torch.tensor([0.6, -0.3], requires_grad=True)
wanted = torch.tensor([-0.2, 0.1])  # the gradient that was shared
x = torch.tensor([0.5, -1.0], requires_grad=True)  # the input to be found
loss = (torch.tanh(w @ x) - 1).square() / 2
(g,) = torch.autograd.grad(loss, w)
D = (g - wanted).square().sum() + 0.01 * x.square().sum()
print(f"{D.item():.4f}")
#> 0.0664

(slope,) = torch.autograd.grad(D, x)
dD_dx = [round(entry, 4) for entry in slope.tolist()]
print(dD_dx)
#> [0.01, -0.02]
