# right: pitfalls/cut_in_the_middle/validation_right.py
import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)


@torch.no_grad()
def validation_penalty():
    partial_loss = (w**3).sum()
    grad = torch.autograd.grad(partial_loss, w)[0]
    return grad.pow(2).sum()


validation_penalty()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
