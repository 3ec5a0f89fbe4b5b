import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

torch.manual_seed(0)
x = torch.randn(1, 4, 8, requires_grad=True)


def twice(layer):
    y = layer(x)
    dy_dx = torch.autograd.grad(y.pow(2).sum(), x, create_graph=True)[0]
    try:
        torch.autograd.grad(dy_dx.pow(2).sum(), x)
        return "works"
    except RuntimeError:
        return "raises"


for dropout in (0.0, 0.1):
    layer = torch.nn.TransformerEncoderLayer(
        8, 2, 16, dropout=dropout, batch_first=True
    )
    modes = f"train {twice(layer)}, eval {twice(layer.eval())}"
    print(f"dropout {dropout}: {modes}")
#> dropout 0.0: train raises, eval raises
#> dropout 0.1: train works, eval raises
with sdpa_kernel(SDPBackend.MATH):
    print(f"with the math kernel: {twice(layer)}")
#> with the math kernel: works
