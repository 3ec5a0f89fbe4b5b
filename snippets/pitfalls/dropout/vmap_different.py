import torch
from torch.func import grad, vmap


def u(sample):
    return torch.nn.functional.dropout(sample**3, p=0.5).sum()


x = torch.ones(100, 2)
torch.manual_seed(0)
for randomness in ("same", "different"):
    g = vmap(grad(u), randomness=randomness)(x)
    one = torch.equal(g, g[:1].expand_as(g))
    print(randomness, "one mask for all samples:", one)
#> same one mask for all samples: True
#> different one mask for all samples: False
