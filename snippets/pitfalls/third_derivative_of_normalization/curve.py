import matplotlib.pyplot as plt
import torch
from torch.nn.functional import group_norm, layer_norm

x = torch.arange(-40, 41, dtype=torch.float64) / 20
v = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)


def third(normalize):
    at = x.clone().requires_grad_()
    y = normalize(torch.stack([at, at**2, torch.ones_like(at)], dim=1)) @ v
    for _ in range(3):
        y = torch.autograd.grad(y.sum(), at, create_graph=True)[0]
    return y.detach()


by_layer = third(lambda h: layer_norm(h, (3,), eps=0.1))
by_group = third(lambda h: group_norm(h, 1, eps=0.1))
print(f"at 0.5: {by_layer[50]:.4f} and {by_group[50]:.4f}")
#> at 0.5: -9.7646 and -16.0863
wrong, right = by_layer[20].item(), by_group[20].item()
print(f"at -1: {wrong:.4f} and {right:.4f}")
#> at -1: -26.2972 and -8.2377
figure, axes = plt.subplots()
axes.plot(x, by_group, "C0")
axes.plot(x, by_layer, "C1--")
axes.text(0.85, 120, "GroupNorm", color="C0", ha="right")
axes.text(-1, -42, "LayerNorm", color="C1", ha="center")
axes.set(xlabel="$x$", ylabel="third derivative", xticks=[-2, -1, 0, 1, 2])
