import torch

w = torch.tensor(1.0, requires_grad=True)
small = torch.tensor(2.0**-13, dtype=torch.float16)
L = (w.half() ** 2 * small * small).float()
scale = 1024.0
g = torch.autograd.grad(L * scale, w)[0] / scale
is_zero = g.item() == 0
print("g times 2^25:", g.item() * 2**25, "is zero:", is_zero)
#> g times 2^25: 1.0 is zero: False
