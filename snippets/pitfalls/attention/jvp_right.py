import warnings

import torch
from torch.func import jvp
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

warnings.simplefilter("ignore", DeprecationWarning)
torch.manual_seed(0)
x, v = torch.randn(2, 1, 2, 4, 8, dtype=torch.float64)
f = lambda x: scaled_dot_product_attention(x, x, x)
# --8<-- [start:right]
with sdpa_kernel(SDPBackend.MATH):
    slope = jvp(f, (x,), (v,))[1]
# --8<-- [end:right]
difference = (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
print(
    "as a finite difference:", torch.allclose(slope, difference, atol=1e-8)
)
#> as a finite difference: True
