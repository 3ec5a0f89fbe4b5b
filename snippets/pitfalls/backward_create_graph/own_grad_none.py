# right: pitfalls/backward_create_graph/own_grad.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w, create_graph=True)[0]
(g**2).sum().backward()
print(g.grad, w.grad.tolist())
#> None [36.0, 288.0]
#! UserWarning: The .grad attribute of a Tensor that is not a leaf Tensor is being accessed.
#!   Its .grad attribute won't be populated during autograd.backward(). If you indeed want
#!   the .grad field to be populated for a non-leaf Tensor, use .retain_grad() on the
#!   non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you access the
#!   leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information.
#!   (Triggered internally at ...)
