# wrong: dloss_dw is [0.2151, -0.5139], the derivative is [-0.3289, -0.3814]
# right: recipes/signed_distance/kept.py
import torch

w = torch.tensor([0.6, -0.3], requires_grad=True)
points = torch.tensor([[0.5, -1.0], [0.3, 0.8]], requires_grad=True)
f = torch.sin(points @ w)
f.sum().backward(retain_graph=True)
g, w.grad = points.grad.clone(), None  # normals, and constants
loss = f.square().mean() + (g.norm(dim=1) - 1).square().mean()
print(f"{loss.item():.4f}")
#> 0.3154

loss.backward()
dloss_dw = [round(entry, 4) for entry in w.grad.tolist()]
print(dloss_dw)
#> [0.2151, -0.5139]
