# wrong: meta is 1.2, the derivative is -0.24
# right: pitfalls/leaf_in_place/right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
g = torch.autograd.grad(w**4, w, create_graph=True)[0]
print("g.requires_grad:", g.requires_grad)
#> g.requires_grad: True
with torch.no_grad():
    w -= 0.1 * g
outer = w**2
meta = torch.autograd.grad(outer, w)[0]
print(f"outer: {outer:.4f}, meta: {meta:.4f}")
#> outer: 0.3600, meta: 1.2000
