# right: pitfalls/hooks/not_detached.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
g = torch.autograd.grad((w**3).sum(), w)[0]
g.register_hook(lambda grad: print("dP_dg:", grad.tolist()))
#! RuntimeError: cannot register a hook on a tensor that doesn't require gradient
