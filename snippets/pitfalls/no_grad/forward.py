# right: pitfalls/no_grad/enabled.py
import torch


@torch.no_grad()
def evaluate(w, x):
    y = (w * x**3).sum()
    return torch.autograd.grad(y, x)[0]


w = torch.tensor([1.0, 2.0], requires_grad=True)
x = torch.tensor([1.0, 3.0], requires_grad=True)
evaluate(w, x)
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
