import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(partial_loss, w, retain_graph=True)[0]
penalty = grad.pow(2).sum()
dP_dw = torch.autograd.grad(penalty, w)[0]
#! RuntimeError: element 0 of tensors does not require grad and does not
#!   have a grad_fn
