# wrong: is_zero is True, the answer is False
# right: pitfalls/mixed_precision/inner_scaled.py
import torch

w = torch.tensor(1.0, requires_grad=True)
small = torch.tensor(2.0**-13, dtype=torch.float16)
L = (w.half() ** 2 * small * small).float()
g = torch.autograd.grad(L, w)[0]
is_zero = g.item() == 0
print("g times 2^25:", g.item() * 2**25, "is zero:", is_zero)
#> g times 2^25: 0.0 is zero: True
