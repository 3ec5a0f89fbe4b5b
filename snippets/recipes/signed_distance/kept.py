# uses: recipes/signed_distance/eikonal.py
import torch
from eikonal import eikonal_loss, field_gradient

w = torch.tensor([0.6, -0.3], requires_grad=True)
points = torch.tensor([[0.5, -1.0], [0.3, 0.8]])
f, g = field_gradient(lambda x: torch.sin(x @ w), points)
loss = f.square().mean() + eikonal_loss(g)
print(f"{loss.item():.4f}")
#> 0.3154

loss.backward()
dloss_dw = [round(entry, 4) for entry in w.grad.tolist()]
print(dloss_dw)
#> [-0.3289, -0.3814]
