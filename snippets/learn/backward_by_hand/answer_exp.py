import torch

x = torch.tensor(0.5, requires_grad=True)
y = torch.exp(x)
dy_dx = torch.autograd.grad(
    y, x, create_graph=True
)[0]
print(dy_dx.grad_fn.name())
#> MulBackward0
for node, _ in dy_dx.grad_fn.next_functions:
    print(node and node.name())
#> None
#> ExpBackward0
print(dy_dx.grad_fn.next_functions[1][0] is y.grad_fn)
#> True
