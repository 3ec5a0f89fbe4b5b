import torch

start = torch.tensor(1.0, requires_grad=True)
fast = start
for target in (2.0, 3.0):
    # --8<-- [mark]
    prediction = fast**2  # anew, of the weights as they are now
    loss = (prediction - target) ** 2
    fast = fast - 0.1 * torch.autograd.grad(loss, fast)[0]
outer = (fast**2 - 4) ** 2
meta = torch.autograd.grad(outer, start)[0].item()
print(f"fast {fast.item():.4f}, meta {meta:.4f}")
#> fast 1.9824, meta -0.5558
