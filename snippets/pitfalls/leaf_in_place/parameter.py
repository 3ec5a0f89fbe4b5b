# wrong: meta is None, the derivative is -0.24
# right: pitfalls/leaf_in_place/right.py
import torch

w = torch.nn.Parameter(torch.tensor(1.0))
g = torch.autograd.grad(w**4, w, create_graph=True)[0]
print("g.requires_grad:", g.requires_grad)
#> g.requires_grad: True
fast = torch.nn.Parameter(w - 0.1 * g)
outer = fast**2
outer.backward()
meta = w.grad
print(f"outer: {outer:.4f}, meta: {meta}")
#> outer: 0.3600, meta: None
