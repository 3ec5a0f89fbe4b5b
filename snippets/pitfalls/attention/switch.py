import torch
from torch.nn.functional import scaled_dot_product_attention

torch.backends.cuda.enable_flash_sdp(False)
torch.backends.cuda.enable_mem_efficient_sdp(False)
torch.backends.cuda.enable_cudnn_sdp(False)
x = torch.randn(1, 2, 4, 8, requires_grad=True)
y = scaled_dot_product_attention(x, x, x).pow(2).sum()
dy_dx = torch.autograd.grad(y, x, create_graph=True)[0]
dy_dx.pow(2).sum().backward()
print("arrived:", x.grad is not None)
#> arrived: True
