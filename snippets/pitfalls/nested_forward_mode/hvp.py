# wrong: second is 18.0, the second derivative is 6.0
# right: pitfalls/nested_forward_mode/det_reverse.py
import torch
from torch.autograd import forward_ad

t = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
with forward_ad.dual_level():
    dual = forward_ad.make_dual(t, torch.ones_like(t))
    one = torch.ones_like(dual)
    det = torch.linalg.det(torch.stack([dual, one, one, 3 * dual]).reshape(2, 2))
    first = forward_ad.unpack_dual(det).tangent
#! DeprecationWarning: `torch.jit.script` is deprecated. Please switch to `torch.compile` or
#!   `torch.export`.
second = torch.autograd.grad(first, t)[0].item()
print("first:", first.item(), "second:", second)
#> first: 6.0 second: 18.0
