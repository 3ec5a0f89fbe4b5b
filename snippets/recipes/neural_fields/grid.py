# uses: recipes/neural_fields/encoding.py
import copy

import torch
from encoding import HashGrid

torch.manual_seed(0)
grid = HashGrid()
x, way = torch.tensor([[0.312, 0.481]], requires_grad=True), torch.tensor([[1.0, 0.0]])
(g,) = torch.autograd.grad(grid(x)[:, 2].sum(), x)
found = {"autograd": g[0, 0].item()}
# --8<-- [start:check]
cell = 1 / 32  # of the finest level that is looked at
for step, dtype in ((1e-2 * cell, torch.float32), (1e-7, torch.float32), (1e-7, torch.float16)):
    probe = copy.deepcopy(grid).to(dtype)
    with torch.no_grad():
        ahead, behind = (probe((x + s * step * way).to(dtype))[:, 2] for s in (1, -1))
    found[f"{step:.0e}, {dtype}"] = ((ahead - behind) / (2 * step)).item()
for name, slope in found.items():
    print(f"{name:20} {slope:.1f}")
#> autograd             4.1
#> 3e-04, torch.float32 4.1
#> 1e-07, torch.float32 3.6
#> 1e-07, torch.float16 0.0
# --8<-- [end:check]
