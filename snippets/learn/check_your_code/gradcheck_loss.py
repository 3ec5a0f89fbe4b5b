import torch
from torch.autograd import gradcheck, gradgradcheck


def partial_loss(w):
    return (w**3).sum()


def right_loss(w):
    grad = torch.autograd.grad(partial_loss(w), w, create_graph=True)[0]
    return partial_loss(w) + grad.pow(2).sum()


def cut_loss(w):
    grad = torch.autograd.grad(partial_loss(w), w)[0]
    return partial_loss(w) + grad.pow(2).sum()


w = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
print("gradgradcheck of partial_loss:", gradgradcheck(partial_loss, w))
#> gradgradcheck of partial_loss: True
print("gradcheck of right_loss:", gradcheck(right_loss, w))
#> gradcheck of right_loss: True
gradcheck(cut_loss, w)
#! torch.autograd.gradcheck.GradcheckError: Jacobian mismatch for output 0 with respect
#!   to input 0, numerical:tensor([[ 39.0000], [300.0000]], dtype=torch.float64)
#!   analytical:tensor([[ 3.], [12.]], dtype=torch.float64)
