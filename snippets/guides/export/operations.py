import warnings

import torch
from torch import nn
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.functional import conv_transpose2d

warnings.simplefilter("ignore", FutureWarning)
torch.manual_seed(0)
conv, head = nn.Conv2d(1, 2, 3, padding=1), nn.Linear(2 * 16, 1)
image = torch.randn(2, 1, 4, 4)


def slope(x):
    score = lambda x: head(torch.tanh(conv(x)).flatten(1)).sum()
    return torch.func.grad(score)(x)


# --8<-- [start:by-hand]
def by_hand(x):
    h = torch.tanh(conv(x))
    g = (1 - h**2) * head.weight.view(1, *h.shape[1:])
    return conv_transpose2d(g, conv.weight, padding=1)


def backward_operations(f, x):
    record = make_fx(f, _allow_non_fake_inputs=True)(x)
    program = torch.export.export(record, (x,)).run_decompositions()
    names = [str(node.target) for node in program.graph.nodes]
    return [name for name in names if "backward" in name]


print(backward_operations(slope, image))
#> ['aten.convolution_backward.default']
print(backward_operations(by_hand, image))
#> []
same = torch.allclose(by_hand(image), slope(image), atol=1e-6)
print(same)
#> True
# --8<-- [end:by-hand]
