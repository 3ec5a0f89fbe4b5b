import torch

torch.set_default_dtype(torch.float64)


def total_loss(w, **flags):
    partial_loss = (w**3).sum()
    grad = torch.autograd.grad(partial_loss, w, **flags)[0]
    return partial_loss + grad.pow(2).sum()


w = torch.tensor([1.0, 2.0], requires_grad=True)
v = torch.tensor([0.6, 0.8])
cut = torch.autograd.grad(total_loss(w, retain_graph=True), w)[0] @ v
right = torch.autograd.grad(
    total_loss(w, create_graph=True), w
)[0] @ v

step = 1e-6
ahead = total_loss(w + step * v, retain_graph=True)
behind = total_loss(w - step * v, retain_graph=True)
difference = ((ahead - behind) / (2 * step)).item()
print(f"cut: {cut:.4f}, right: {right:.4f}, finite difference: {difference:.4f}")
#> cut: 11.4000, right: 263.4000, finite difference: 263.4000
