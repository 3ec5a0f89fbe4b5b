import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(partial_loss, w)[0]
penalty = torch.norm(grad)
penalty.backward()
#! RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn
