import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()

grad = torch.autograd.grad(
    partial_loss, w, create_graph=True
)[0]
print(grad.requires_grad, grad.grad_fn is not None)
#> True True

cut = torch.autograd.grad(partial_loss, w)[0]
print(cut.requires_grad, cut.grad_fn is not None)
#> False False

patched = cut.requires_grad_()
patched_requires_grad = patched.requires_grad
print(patched_requires_grad, patched.grad_fn is not None)
#> True False
