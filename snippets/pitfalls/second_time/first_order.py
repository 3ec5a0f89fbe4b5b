# right: pitfalls/second_time/first_order_right.py
import torch

start = torch.tensor(1.0, requires_grad=True)
fast = start
prediction = fast**2  # one forward pass for both steps
for target in (2.0, 3.0):
    loss = (prediction - target) ** 2
    fast = fast - 0.1 * torch.autograd.grad(loss, start)[0]
#! RuntimeError: Trying to backward through the graph a second time ...
