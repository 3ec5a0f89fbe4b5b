import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(
    partial_loss, w, create_graph=False, retain_graph=False
)[0]
print("grad.requires_grad:", grad.requires_grad)
#> grad.requires_grad: False
total_loss = partial_loss + (grad**2).sum()
total_loss.backward()
#! RuntimeError: Trying to backward through the graph a second time ...
