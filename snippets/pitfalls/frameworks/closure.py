# right: pitfalls/frameworks/closure_right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.LBFGS([w], max_iter=2)
y = w * x**3
y_x = torch.autograd.grad(y, x, create_graph=True)[0]
total = (y - 2) ** 2 + y_x**2


def closure():
    print("the closure is called")
    optimizer.zero_grad()
    total.backward()
    return total


optimizer.step(closure)
#> the closure is called
#> the closure is called
#! RuntimeError: Trying to backward through the graph a second time (or
#!   directly access saved tensors after they have already been freed).
#!   Saved intermediate values of the graph are freed when you call
#!   .backward() or autograd.grad(). Specify retain_graph=True if you need
#!   to backward through the graph a second time or if you need to access
#!   saved tensors after calling backward.
