# right: recipes/guidance/one_name.py
import torch

unet = torch.nn.Linear(2, 2).requires_grad_(False)
x = torch.tensor([[1.0, -2.0]], requires_grad=True)
loss = (x - 0.5 * unet(x)).pow(2).sum()

x = x.detach().requires_grad_()  # another tensor, by the old name
(g,) = torch.autograd.grad(loss, x)
#! RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the graph.
#!   Set allow_unused=True if this is the desired behavior.
