import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = w.sum()
grad = torch.autograd.grad(partial_loss, w)[0]
total_loss = partial_loss + torch.linalg.vector_norm(grad)
total_loss.backward()

print("the same graph, walked twice:", w.grad.tolist())
#> the same graph, walked twice: [1.0, 1.0]
