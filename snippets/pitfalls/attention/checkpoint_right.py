import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
x = torch.randn(2, 4, 8, requires_grad=True)


# --8<-- [start:loss]
def with_math(x):
    with sdpa_kernel(SDPBackend.MATH):
        return layer(x)


y = checkpoint(with_math, x, use_reentrant=False).pow(3).sum()
slope = torch.autograd.grad(y, x, create_graph=True)[0]
again = torch.autograd.grad(slope.pow(2).sum(), x)[0]
# --8<-- [end:loss]
plain = torch.autograd.grad(
    with_math(x).pow(3).sum(), x, create_graph=True
)[0]
wanted = torch.autograd.grad(plain.pow(2).sum(), x)[0]
print("as without a checkpoint:", torch.allclose(again, wanted, rtol=1e-3))
#> as without a checkpoint: True
