import torch
from torch import nn

torch.manual_seed(0)
attention = nn.MultiheadAttention(8, 2, batch_first=True)
x = torch.randn(2, 4, 8, requires_grad=True)
for need_weights in (True, False):
    y, weights = attention(x, x, x, need_weights=need_weights)
    slope = torch.autograd.grad(y.pow(2).sum(), x, create_graph=True)[0]
    try:
        slope.pow(2).sum().backward()
        print(f"need_weights={need_weights}: works")
    except RuntimeError:
        print(f"need_weights={need_weights}: raises")
#> need_weights=True: works
#> need_weights=False: raises
