# right: pitfalls/retain_graph/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(partial_loss, w)[0]
total_loss = partial_loss + grad.pow(2).sum()
total_loss.backward()
#! RuntimeError: Trying to backward through the graph a second time (or directly access
#!   saved tensors after they have already been freed). Saved intermediate values of the
#!   graph are freed when you call .backward() or autograd.grad(). Specify
#!   retain_graph=True if you need to backward through the graph a second time or if you
#!   need to access saved tensors after calling backward.
