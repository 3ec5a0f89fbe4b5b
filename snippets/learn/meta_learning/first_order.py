import torch

w = torch.tensor(1.0, requires_grad=True)
rate = 0.1

inner = w**4
g = torch.autograd.grad(inner, w, create_graph=False)[0]
adapted = w - rate * g
outer = adapted**2
outer.backward()
meta_gradient = w.grad.item()
print(f"adapted: {adapted:.2f}, meta-gradient: {meta_gradient:.2f}")
#> adapted: 0.60, meta-gradient: 1.20
