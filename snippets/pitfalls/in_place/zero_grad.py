# right: pitfalls/in_place/order.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.5)
(w**3).sum().backward(create_graph=True)
#! UserWarning: Using backward() with create_graph=True will create a
#!   reference cycle ...
penalty = w.grad.pow(2).sum()
optimizer.zero_grad(set_to_none=False)
penalty.backward()
#! RuntimeError: Trying to use a saved tensor that has been detached
#!   in-place, i.e. with .detach_().This is not supported, please use
#!   out-of-place `.detach()` instead
