# wrong: meta is 0.0, the derivative is -0.24
# right: pitfalls/unused_input/inner_step_right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
fast = w.detach().clone().requires_grad_()
g = torch.autograd.grad(fast**4, fast, create_graph=True)[0]
print("g.requires_grad:", g.requires_grad)
#> g.requires_grad: True
fast = fast - 0.1 * g
meta = torch.autograd.grad(fast**2, w, materialize_grads=True)[0]
print(f"meta: {meta:.4f}")
#> meta: 0.0000
