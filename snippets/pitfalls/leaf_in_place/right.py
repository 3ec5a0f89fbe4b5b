import torch

w = torch.tensor(1.0, requires_grad=True)
g = torch.autograd.grad(w**4, w, create_graph=True)[0]
fast = w - 0.1 * g
outer = fast**2
meta = torch.autograd.grad(outer, w)[0]
print(f"outer: {outer:.4f}, meta: {meta:.4f}")
#> outer: 0.3600, meta: -0.2400
