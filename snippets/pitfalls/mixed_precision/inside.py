import torch

g = torch.tensor([[256.0, 1.0]], requires_grad=True)
with torch.autocast("cpu", dtype=torch.bfloat16):
    product = g @ g.T
    squares = g.pow(2).sum()
print("g @ g.T:", product.item(), product.dtype)
#> g @ g.T: 65536.0 torch.bfloat16
print("g.pow(2).sum():", squares.item(), squares.dtype)
#> g.pow(2).sum(): 65537.0 torch.float32
