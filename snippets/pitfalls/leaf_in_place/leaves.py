import torch

w = torch.tensor(1.0, requires_grad=True)
g = torch.autograd.grad(w**4, w, create_graph=True)[0]
fast = w - 0.1 * g
for name, tensor in (("w", w), ("g", g), ("fast", fast), ("data", w.data)):
    print(f"{name}: leaf {tensor.is_leaf}, requires_grad {tensor.requires_grad}")
#> w: leaf True, requires_grad True
#> g: leaf False, requires_grad True
#> fast: leaf False, requires_grad True
#> data: leaf True, requires_grad False
