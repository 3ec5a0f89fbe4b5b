# requires: cuda
# recorded: NVIDIA H100, torch 2.11.0, 2026-11-27
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention


def second(x):
    y = scaled_dot_product_attention(x, x, x).pow(2).sum()
    dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
    try:
        torch.autograd.grad(dy_dx.pow(2).sum(), x)
        return "works"
    except RuntimeError as error:
        return str(error).partition("::")[2]


for dtype in (torch.float32, torch.bfloat16):
    x = torch.randn(
        1, 2, 16, 64, device="cuda", dtype=dtype, requires_grad=True
    )
    print(f"{dtype}: {second(x)}")
    with sdpa_kernel(SDPBackend.MATH):
        print(f"{dtype}, math kernel: {second(x)}")
#> torch.float32: _scaled_dot_product_efficient_attention_backward is not implemented
#> torch.float32, math kernel: works
#> torch.bfloat16: _scaled_dot_product_cudnn_attention_backward is not implemented
#> torch.bfloat16, math kernel: works
