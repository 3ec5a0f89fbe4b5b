# right: recipes/curvature/kl_detached.py
import torch

x = torch.tensor([1.0, 0.0, -1.0])
w = torch.tensor(0.5, requires_grad=True)  # the policy: softmax(w * x)

new = torch.log_softmax(w * x, 0)
old = new.detach()
kl = (old.exp() * (old - new)).sum()
(g,) = torch.autograd.grad(kl, w)
(Fv,) = torch.autograd.grad(g, w, torch.tensor(2.0))
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
