import torch

w = torch.tensor(1.0, requires_grad=True)
fast = w.clone()
g = torch.autograd.grad(fast**4, fast, create_graph=True)[0]
fast = fast - 0.1 * g
meta = torch.autograd.grad(fast**2, w)[0]
print(f"meta: {meta:.4f}")
#> meta: -0.2400
