# uses: recipes/fast_laplacians/forward_laplacian.py
import torch
from forward_laplacian import Field
from torch import nn

points = torch.randn(5, 2)
refused = []
for layer in (nn.ReLU(), nn.LayerNorm(8), nn.Dropout(), nn.Softmax(dim=1)):
    net = nn.Sequential(nn.Linear(2, 8), layer, nn.Linear(8, 1))
    try:
        net(Field.coordinates(points))
    except TypeError as error:
        refused.append(str(error)[:44])
print(*refused, sep="\n")
#> a forward Laplacian has no rule for relu: it
#> a forward Laplacian has no rule for layer_no
#> a forward Laplacian has no rule for dropout:
#> a forward Laplacian has no rule for softmax:
