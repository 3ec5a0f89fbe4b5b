import torch
from torch import nn
from torch.func import jacrev, vmap

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.Linear(8, 2))
x = torch.randn(3, 4)
exact = vmap(jacrev(net))(x)
with torch.autocast("cpu", dtype=torch.bfloat16):
    # --8<-- [mark]
    per_sample = vmap(jacrev(net))(x)
    with torch.autocast("cpu", enabled=False):
        wide = jacrev(net)(x)
rough = torch.allclose(per_sample, exact, atol=0.05)
same = torch.allclose(torch.einsum("bibj->bij", wide), exact, atol=1e-6)
print("per sample:", list(per_sample.shape), rough, "float32:", same)
#> per sample: [3, 2, 4] True float32: True
