# right: pitfalls/attention/math.py
import torch
from torch.nn.functional import scaled_dot_product_attention

torch.manual_seed(0)
query, key, value = torch.randn(3, 1, 2, 4, 8).unbind(0)
query.requires_grad_()
with torch.backends.cuda.sdp_kernel(enable_math=True):
    y = scaled_dot_product_attention(query, key, value).sum()
#! FutureWarning: `torch.backends.cuda.sdp_kernel()` is deprecated. In the future, this
#!   context manager will be removed. Please see `torch.nn.attention.sdpa_kernel()` for the
#!   new context manager, with updated signature.
dy_dq = torch.autograd.grad(y, query, create_graph=True)[0]
dy_dq.pow(2).sum().backward()
#! RuntimeError: derivative for aten::_scaled_dot_product_flash_attention_for_cpu_backward
#!   is not implemented
