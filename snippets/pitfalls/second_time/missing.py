# right: pitfalls/second_time/one_flag.py
import torch

w = torch.tensor([0.0, 1.0], requires_grad=True)
loss = w.exp().sum()
grad = torch.autograd.grad(loss, w)[0]
penalty = grad.pow(2).sum()
(loss + penalty).backward()
#! RuntimeError: Trying to backward through the graph a second time (or directly access
#!   saved tensors after they have already been freed). Saved intermediate values of the
#!   graph are freed when you call .backward() or autograd.grad(). Specify
#!   retain_graph=True if you need to backward through the graph a second time or if you
#!   need to access saved tensors after calling backward.
