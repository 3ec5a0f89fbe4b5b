import torch
from torch.autograd import gradgradcheck
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

torch.manual_seed(0)
query, key, value = torch.randn(3, 1, 2, 4, 8, dtype=torch.float64).requires_grad_().unbind(0)


def attention(query, key, value):
    with sdpa_kernel(SDPBackend.MATH):
        return scaled_dot_product_attention(query, key, value)


expected = scaled_dot_product_attention(query, key, value)
print("the same:", torch.allclose(attention(query, key, value), expected))
#> the same: True
print("twice:", gradgradcheck(attention, (query, key, value), fast_mode=True))
#> twice: True
