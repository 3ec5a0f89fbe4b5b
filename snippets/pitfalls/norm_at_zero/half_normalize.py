import torch
from torch.nn import functional as F

zero, one = torch.zeros(2), torch.ones(2)
for dtype in (torch.float32, torch.bfloat16, torch.float16):
    g, other = zero.to(dtype), one.to(dtype)
    normalized = F.normalize(g, dim=0).tolist()
    cosine = F.cosine_similarity(g, other, dim=0).item()
    print(f"{dtype}: {normalized}, {cosine}")
#> torch.float32: [0.0, 0.0], 0.0
#> torch.bfloat16: [0.0, 0.0], 0.0
#> torch.float16: [nan, nan], nan
