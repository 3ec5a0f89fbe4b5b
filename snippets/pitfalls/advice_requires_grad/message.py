# right: pitfalls/advice_requires_grad/right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
loss = (w**3).sum()
grad = torch.autograd.grad(loss, w)[0]
penalty = grad.pow(2).sum()
penalty.backward()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
