# wrong: s_test is [8.9429, 9.585], the solution is [0.8943, 0.9585]
# right: recipes/lissa/divided.py
import torch

w = torch.tensor([0.5, -1.0], requires_grad=True)
X = torch.tensor([[1.0, 2.0], [-1.0, 0.5], [0.3, -2.0]])
loss = (X @ w - 1).square().mean() / 2
(g,) = torch.autograd.grad(loss, w, create_graph=True)
v = torch.tensor([1.0, 3.0])  # the gradient of the test loss

scale, damping = 10.0, 0.01
h = v.clone()
for _ in range(500):
    (Hh,) = torch.autograd.grad(g, w, h, retain_graph=True)
    h = v + (1 - damping) * h - Hh / scale
u = h
s_test = [round(entry, 4) for entry in u.tolist()]
print(s_test)
#> [8.9429, 9.585]
