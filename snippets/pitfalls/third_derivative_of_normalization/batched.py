# wrong: agrees is False, the answer is True
# right: pitfalls/third_derivative_of_normalization/batched_right.py
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.GroupNorm(1, 4), nn.Tanh(), nn.Flatten()).double()
images = torch.randn(4, 4, 2, 2, dtype=torch.float64, requires_grad=True)
vectors = torch.randn(5, 4, 16, dtype=torch.float64)
# --8<-- [mark]
y = net(images)
rows = torch.autograd.grad(
    y, images, vectors, is_grads_batched=True, create_graph=True
)[0]
one_by_one = [
    torch.autograd.grad(y, images, vector, retain_graph=True)[0]
    for vector in vectors
]
first = rows[0]
agrees = torch.allclose(rows, torch.stack(one_by_one))
print("the same as one row at a time:", agrees)
#> the same as one row at a time: False
