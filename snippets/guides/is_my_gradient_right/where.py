import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
gradient = torch.autograd.grad(partial_loss, w, create_graph=True)[0]
penalty = gradient.detach().pow(2).sum()

for name, tensor in (("gradient", gradient), ("penalty", penalty)):
    print(name, tensor.requires_grad, tensor.grad_fn and tensor.grad_fn.name())
#> gradient True MulBackward0
#> penalty False None
