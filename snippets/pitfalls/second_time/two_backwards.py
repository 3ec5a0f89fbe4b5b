# right: pitfalls/second_time/one_flag.py
import torch

w = torch.tensor([0.0, 1.0], requires_grad=True)
loss = w.exp().sum()
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
penalty = grad.pow(2).sum()
print("penalty.requires_grad:", penalty.requires_grad)
#> penalty.requires_grad: True
loss.backward()
penalty.backward()
#! RuntimeError: Trying to backward through the graph a second time ...
