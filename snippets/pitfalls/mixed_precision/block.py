import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 1))
x = torch.randn(8, 4, requires_grad=True)
y = net(x).sum()  # in float32
outside = torch.autograd.grad(y, x, create_graph=True)[0]
with torch.autocast("cpu", dtype=torch.bfloat16):
    inside = torch.autograd.grad(y, x, create_graph=True)[0]
error = ((inside - outside).norm() / outside.norm()).item()
rough = error > 1e-4
print("inside the block:", inside.dtype, "with a larger error:", rough)
#> inside the block: torch.float32 with a larger error: True
