# right: pitfalls/advice_retain_graph/right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(1.0, requires_grad=True)
y = torch.tanh(w * x)
loss = (y - 0.9) ** 2
y_x = torch.autograd.grad(y, x, retain_graph=True)[0]
penalty = y_x**2
loss.backward(retain_graph=True)
penalty.backward()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
