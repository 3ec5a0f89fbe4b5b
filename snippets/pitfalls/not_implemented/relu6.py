import torch
from torch.nn.functional import relu6

x = torch.tensor([0.5, -1.0], requires_grad=True)
y = (relu6(x + 3) / 6).pow(2).sum()
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
d2y_dx2 = torch.autograd.grad(dy_dx.sum(), x)[0]
print([round(value, 4) for value in d2y_dx2.tolist()])
#> [0.0556, 0.0556]
