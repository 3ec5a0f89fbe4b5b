# right: about/original_note/motivating_right.py
import torch

torch.manual_seed(0)
x, y = torch.randn(8, 3), torch.randn(8, 1)
w = torch.randn(3, 1, requires_grad=True)

partial_loss = torch.nn.functional.mse_loss(x @ w, y)
grad = torch.autograd.grad(partial_loss, w)[0]
total_loss = partial_loss + torch.norm(grad)

total_loss.backward()
#! RuntimeError: Trying to backward through the graph a second time ...
