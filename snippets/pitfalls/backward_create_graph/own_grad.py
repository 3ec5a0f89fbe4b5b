import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
g.retain_grad()  # without it, g.grad is None and warns
penalty = (g**2).sum()
penalty.backward()
found = w.grad.tolist()
print(found)  # the second-order result
#> [36.0, 288.0]
own = g.grad.tolist()
print(own)  # only the derivative of the penalty by g, 2 g
#> [6.0, 24.0]
