import torch

w = torch.tensor([1.0, 2.0], requires_grad=True)
partial_loss = (w**3).sum()
grad = torch.autograd.grad(
    partial_loss, w, create_graph=True
)[0]
total_loss = partial_loss + (grad**2).sum()
total_loss.backward()
print("gradient of total_loss:", w.grad.tolist())
#> gradient of total_loss: [39.0, 300.0]
