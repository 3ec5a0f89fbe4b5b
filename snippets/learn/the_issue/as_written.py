import torch

torch.manual_seed(0)
x, y = torch.randn(8, 3), torch.randn(8, 1)
w = torch.randn(3, 1, requires_grad=True)

partial_loss = ((torch.tanh(x @ w) - y) ** 2).mean()
grad = torch.autograd.grad(partial_loss, w)[0]
total_loss = partial_loss + torch.linalg.vector_norm(grad)
total_loss.backward()
#! RuntimeError: Trying to backward through the graph a second time (or
#!   directly access saved tensors after they have already been freed).
#!   Saved intermediate values of the graph are freed when you call
#!   .backward() or autograd.grad(). Specify retain_graph=True if you need
#!   to backward through the graph a second time or if you need to access
#!   saved tensors after calling backward.
