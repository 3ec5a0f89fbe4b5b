import torch

torch.manual_seed(0)
x, y = torch.randn(8, 3), torch.randn(8, 1)
w = torch.randn(3, 1, requires_grad=True)

partial_loss = ((torch.tanh(x @ w) - y) ** 2).mean()
grad = torch.autograd.grad(partial_loss, w)[0]
torch.linalg.vector_norm(grad).backward()
#! RuntimeError: element 0 of tensors does not require grad and does not
#!   have a grad_fn
