import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

torch.manual_seed(0)
query, key, value = torch.randn(3, 1, 2, 4, 8, dtype=torch.float64)
query.requires_grad_()
with sdpa_kernel(SDPBackend.MATH):
    y = scaled_dot_product_attention(query, key, value).sum()
dy_dq = torch.autograd.grad(y, query, create_graph=True)[0]
penalty = dy_dq.pow(2).sum()
penalty.backward()
slope = query.grad.flatten()[0].item()
print("penalty:", round(penalty.item(), 4), "slope:", round(slope, 4))
#> penalty: 2.6494 slope: -0.063
