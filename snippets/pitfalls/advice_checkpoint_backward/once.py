import torch
from torch.utils.checkpoint import checkpoint

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
y = checkpoint(lambda x: w * x**3, x, use_reentrant=True)
(y**2).backward()
dL_dw = w.grad
print("dL_dw:", dL_dw.item())
#> dL_dw: 128.0
