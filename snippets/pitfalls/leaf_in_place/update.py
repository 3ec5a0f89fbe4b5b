# right: pitfalls/leaf_in_place/right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
g = torch.autograd.grad(w**4, w, create_graph=True)[0]
print("g.requires_grad:", g.requires_grad)
#> g.requires_grad: True
w -= 0.1 * g
#! RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.
