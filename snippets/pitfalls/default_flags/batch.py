# wrong: slope is 2.0, the derivative is 14.0
# right: pitfalls/default_flags/batch_right.py
import torch

w = torch.tensor(1.0, requires_grad=True)
x = torch.tensor([1.0, 2.0], requires_grad=True)
inner = torch.autograd.grad((w**2 * x**2).sum(), x)[0]
outer = 2 * w + inner.sum()
slope = torch.autograd.grad(outer, w)[0].item()
print("slope:", slope)
#> slope: 2.0
