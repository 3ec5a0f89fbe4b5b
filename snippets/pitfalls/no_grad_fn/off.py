import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w**3).sum()
grad = torch.autograd.grad(loss, w, create_graph=True)[0]
grad.requires_grad = False
#! RuntimeError: you can only change requires_grad flags of leaf variables. If you want to
#!   use a computed variable in a subgraph that doesn't require differentiation use
#!   var_no_grad = var.detach().
