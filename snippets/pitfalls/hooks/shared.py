# wrong: g is [60.0, 672.0], the gradient with this hook is [42.0, 384.0]
# right: pitfalls/hooks/changed_right.py
import torch

x = torch.tensor([1.0, 2.0], requires_grad=True)
b = x**3
a = 2 * x
a.register_hook(lambda grad: grad.mul_(2))
L = (a + b).pow(2).sum()
g = torch.autograd.grad(L, x)[0]
print("g:", g.tolist())
#> g: [60.0, 672.0]
