# uses: recipes/guidance/guided.py
import torch
from guided import guidance

torch.manual_seed(0)
unet = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2))
unet.requires_grad_(False)
scale = torch.tensor(0.3, requires_grad=True)
x = torch.randn(4, 2)
for _ in range(3):
    x0, g = guidance(
        lambda x: x - 0.5 * unet(x), lambda x0: (x0 - 1).pow(2).sum(1), x, training=True
    )
    x = x + 0.2 * (x0 - x) - scale * g
loss = (x - 1).pow(2).mean()
(slope,) = torch.autograd.grad(loss, scale)
print(f"{slope.item():.4f}")
#> -0.1793
