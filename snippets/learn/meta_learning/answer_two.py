import torch

w = torch.tensor(1.0, requires_grad=True)
rate = 0.1

adapted = w
for _ in range(2):
    g = torch.autograd.grad(
        adapted**4, adapted, create_graph=True
    )[0]
    adapted = adapted - rate * g
outer = adapted**2
meta_gradient = torch.autograd.grad(outer, w)[0].item()
print(f"{meta_gradient:.4f}")
#> -0.1167


first, second = 1.0, 1.0 - rate * 4
by_hand = 2 * adapted.item()
for point in (first, second):
    by_hand *= 1 - rate * 12 * point**2
print(f"{by_hand:.4f}")
#> -0.1167
