# right: pitfalls/advice_retain_graph/right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
y = torch.tanh(w * x)
y_x = torch.autograd.grad(y, x)[0]
total = (y - 0.9) ** 2 + y_x**2
total.backward()
#! RuntimeError: Trying to backward through the graph a second time (or directly access
#!   saved tensors after they have already been freed). Saved intermediate values of the
#!   graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True
#!   if you need to backward through the graph a second time or if you need to access saved
#!   tensors after calling backward.
