# wrong: second is 0.0, the second derivative is 12.0
# right: pitfalls/compile_func/zeros_right.py
import torch
from torch.autograd.functional import hessian


def f(x):
    return (x**3).sum()


x = torch.tensor([2.0, 1.0])
# --8<-- [start:hessian]
compiled = torch.compile(f, backend="aot_eager")
H = hessian(compiled, x)
# --8<-- [end:hessian]
second = H[0, 0].item()
print(H.tolist())
#> [[0.0, 0.0], [0.0, 0.0]]
