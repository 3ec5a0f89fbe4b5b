import torch

start = torch.tensor(1.0, requires_grad=True)
support = (start**2 - 2) ** 2
step = torch.autograd.grad(support, start, retain_graph=True)[0]
fast = start - 0.1 * step
outer = (fast**2 - 4) ** 2 + support
meta = torch.autograd.grad(outer, start)[0].item()
print(f"{meta:.4f}")
#> -15.4240
