# wrong: finite is False, the answer for half the function is True
# right: pitfalls/precision/overflow_right.py
import torch

x = torch.tensor(128.0, requires_grad=True)
y = torch.exp2(x)
first = torch.autograd.grad(y, x, create_graph=True)[0]
second = torch.autograd.grad(first, x)[0].item()
finite = abs(second) < float("inf")
print(f"second derivative: {second:.2e}")
#> second derivative: inf
