import torch

w = torch.tensor(1.0, requires_grad=True)
rate = 0.1

adapted = w
for _ in range(2):
    pass  # complete: one step on adapted**4, kept differentiable
outer = adapted**2
print(torch.autograd.grad(outer, w)[0])
#> tensor(2.)
