# uses: recipes/signed_distance/eikonal.py
import torch
from eikonal import difference_gradient


def encode(grid, x):
    return torch.nn.functional.grid_sample(grid, x.detach()[None, None], align_corners=True)


torch.manual_seed(0)
grid = torch.randn(1, 1, 8, 8, requires_grad=True)
x = torch.tensor([[0.3, -0.2], [-0.6, 0.5]])
# --8<-- [mark]
normals = difference_gradient(lambda x: encode(grid, x).flatten(), x, step=0.1)
print(normals.requires_grad, [[round(n, 2) for n in row] for row in normals.tolist()])
#> True [[-0.96, 4.8], [-2.68, 2.03]]
