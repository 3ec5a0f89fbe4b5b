import gc
import weakref

import torch

w = torch.ones(3, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)
inputs = []
for _ in range(5):
    x = torch.randn(8, 3, requires_grad=True)
    inputs.append(weakref.ref(x))
    output = torch.tanh(x @ w).sum()
    grad = torch.autograd.grad(output, x, create_graph=True)[0]
    optimizer.zero_grad()
    grad.pow(2).sum().backward()
    optimizer.step()
    del x, output, grad
gc.collect()
alive = sum(x() is not None for x in inputs)
print("inputs still in memory:", alive)
#> inputs still in memory: 0
